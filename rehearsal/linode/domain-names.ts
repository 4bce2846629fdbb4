import type { Cloud } from "../cloud/cloud.ts";
import { publishDomains } from "../internet/linode-names.ts";
import type { LinodeDomain, LinodeRecord } from "../internet/names/linode-zone.ts";
import { changeAccount, takeId, type Account } from "./account.ts";

/** A domain of the vendor's DNS, as the account has it. Times are seconds, 0 is the vendor's own. */
export interface DomainEntry {
  readonly id: number;
  name: string;
  soaEmail: string;
  ttlSec: number;
  refreshSec: number;
  retrySec: number;
  expireSec: number;
  status: string;
}

/** A record of a domain, as the account has it. */
export interface DomainRecordEntry extends LinodeRecord {
  readonly id: number;
  readonly domainId: number;
}

/** Changes the account and what the vendor's name servers answer together. */
export async function changeNames<T>(cloud: Cloud, change: (account: Account) => T): Promise<T> {
  return changeAccount(cloud, async (account) => {
    const result = change(account);
    await publishDomains(cloud, domainsOf(account));
    return result;
  });
}

/** Has a domain in the account that the program only looks for, as somebody would have added it by hand before. */
export async function ensureDomain(cloud: Cloud, name: string): Promise<void> {
  await changeNames(cloud, (account) => {
    if (account.domains.some((one) => one.name === name)) return;
    const times = { ttlSec: 0, refreshSec: 0, retrySec: 0, expireSec: 0 };
    account.domains.push({ id: takeId(account), name, soaEmail: `hostmaster@${name}`, status: "active", ...times });
  });
}

/** The domains of an account with their records, as name servers need them. */
export function domainsOf({ domains, domainRecords }: Account): LinodeDomain[] {
  return domains.map(({ id, status, ...domain }) => ({
    ...domain,
    disabled: status === "disabled",
    records: domainRecords.filter(({ domainId }) => domainId === id).map(recordOf),
  }));
}

function recordOf({ id: _id, domainId: _domainId, ...record }: DomainRecordEntry): LinodeRecord {
  return record;
}
