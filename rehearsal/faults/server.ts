import { openEngine } from "../../tools/engine.ts";
import { nameOf, type Cloud } from "../cloud/cloud.ts";
import { cutPower } from "../cloud/endpoints.ts";
import { readAccount, type InstanceRecord } from "../linode/account.ts";
import { changeFiltered } from "../linode/firewall.ts";
import { isRunning, runInServer, serverNoun } from "../linode/server.ts";

/** The server of a cloud with a label. @throws when there is none, with those that there are */
export function findServer(cloud: Cloud, label: string): InstanceRecord {
  const { instances } = readAccount(cloud);
  const found = instances.find((one) => one.label === label);
  if (found !== undefined) return found;
  const known = instances.map((one) => one.label).join(", ") || "none";
  throw new Error(`The rehearsal cloud of "${cloud.stack}" has no server "${label}". It has: ${known}.`);
}

/** Ends a server at once, as a power cut does. The vendor's API then says that it is offline. */
export async function killServer(cloud: Cloud, label: string): Promise<void> {
  const server = findServer(cloud, label);
  if (!(await isRunning(cloud, server))) return;
  await cutPower(cloud, openEngine().getContainer(nameOf(cloud, serverNoun(server))));
}

/** Lets nothing get to a server or from it, on any network. What it had open hangs. */
export async function cutNetwork(cloud: Cloud, label: string): Promise<void> {
  const { id } = findServer(cloud, label);
  await changeFiltered(cloud, (account) => {
    account.cut = [...new Set([...account.cut, id])];
  });
}

/** Ends what `cutNetwork` began. */
export async function mendNetwork(cloud: Cloud, label: string): Promise<void> {
  const { id } = findServer(cloud, label);
  await changeFiltered(cloud, (account) => {
    account.cut = account.cut.filter((cut) => cut !== id);
  });
}

const filler = ".landfall-rehearsal-fills-the-disk";

const fill = `
[ -d "$1" ] || { echo "there is no folder $1" >&2; exit 1; }
case "$(findmnt -no SOURCE --target "$1")" in
  /dev/sd?|/dev/loop*) ;;
  *) echo "$1 lies on this machine's own disk, which a drill must not fill; name a folder on a volume" >&2; exit 1 ;;
esac
available=$(df --output=avail --block-size=1 "$1" | tail -n 1)
fallocate --length "$available" "$1/$2" 2> /dev/null || true
dd if=/dev/zero of="$1/$2" bs=1M oflag=append conv=notrunc status=none 2> /dev/null || true
sync "$1/$2"`;

/**
 * Fills the disk that a folder of a server lies on, to the last byte.
 *
 * @param folder on a volume, for example `/srv/data`: a server's own disk is this machine's, and is refused
 */
export async function fillDisk(cloud: Cloud, label: string, folder: string): Promise<void> {
  await runInServer(cloud, findServer(cloud, label), { script: fill, args: [folder, filler], seconds: 300 });
}

/** Ends what `fillDisk` began. */
export async function emptyDisk(cloud: Cloud, label: string, folder: string): Promise<void> {
  await runInServer(cloud, findServer(cloud, label), { script: 'rm -f "$1/$2"', args: [folder, filler] });
}
