import { expect, test } from "vitest";
import { parsePortScan, portsText } from "./port-scan.ts";

/** What nmap 7.95 prints about one address, with these ports. */
const report = (ports: string): string => `<nmaprun scanner="nmap" version="7.95" xmloutputversion="1.05">
<hosthint><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="198.18.77.64" addrtype="ipv4"/>
</hosthint>
<host starttime="1795271850" endtime="1795271857"><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="198.18.77.64" addrtype="ipv4"/>
<ports>${ports}</ports>
<times srtt="99" rttvar="702" to="100000"/>
</host>
<runstats><finished time="1795271857" elapsed="6.87" exit="success"/><hosts up="1" down="0" total="1"/>
</runstats>
</nmaprun>`;

const open = (port: number): string =>
  `<port protocol="tcp" portid="${String(port)}"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="x" method="table" conf="3"/></port>\n`;

test("open ports are read, and how many kept silent", () => {
  const xml = report(`<extraports state="filtered" count="65533">
<extrareasons reason="no-response" count="65533" proto="tcp" ports="1-79,81-442,444-65535"/>
</extraports>
${open(443)}${open(80)}`);
  expect(parsePortScan(xml)).toEqual({ open: [80, 443], refused: [], silent: 65_533 });
});

test("a port that refuses was let through, also when a firewall refuses in its place", () => {
  const closed = report(`<extraports state="closed" count="3">
<extrareasons reason="reset" count="3" proto="tcp" ports="1-2,9"/>
</extraports>
<port protocol="tcp" portid="22"><state state="closed" reason="reset" reason_ttl="64"/></port>
${open(80)}`);
  expect(parsePortScan(closed)).toEqual({ open: [80], refused: [1, 2, 9, 22], silent: 0 });
  const prohibited = report(`<extraports state="filtered" count="65535">
<extrareasons reason="admin-prohibited" count="1" proto="tcp" ports="7"/>
<extrareasons reason="no-response" count="65534" proto="tcp" ports="1-6,8-65535"/>
</extraports>`);
  expect(parsePortScan(prohibited)).toEqual({ open: [], refused: [7], silent: 65_534 });
});

test("a UDP port without an answer is silent", () => {
  const xml =
    report(`<port protocol="udp" portid="53"><state state="open|filtered" reason="no-response" reason_ttl="0"/></port>
<port protocol="udp" portid="123"><state state="open" reason="udp-response" reason_ttl="64"/></port>`);
  expect(parsePortScan(xml)).toEqual({ open: [123], refused: [], silent: 1 });
});

test("a scan that was not made is no clean scan", () => {
  expect(() => parsePortScan("", "Failed to open device eth9\n")).toThrow(
    "nmap made no scan: Failed to open device eth9",
  );
  expect(() => parsePortScan(report("").replace(/<host start.*<\/host>/s, ""))).toThrow("it reports no host");
  expect(() => parsePortScan(report("").replace('exit="success"', 'exit="error"'))).toThrow("nmap made no scan");
});

test("many ports are named in part", () => {
  expect(portsText([])).toBe("none");
  expect(portsText([22, 80])).toBe("22, 80");
  expect(portsText([1, 2, 3], 2)).toBe("1, 2 and 1 more");
});
