/** Where the programs of the rehearsal's internet find their files inside their containers. */
export const folder = "/internet";
/** What they are told; see `Account`. */
export const accountFile = `${folder}/account.json`;
/** The keys of the authorities. */
export const authorityFolder = `${folder}/authorities`;
/** The zones as they are now. */
export const zonesFile = `${folder}/zones.json`;
/** The certificates of Origin CA that were issued. */
export const originCertificatesFile = `${folder}/origin-certificates.json`;
/** What Linode's name servers answer from; its folder holds nothing else. */
export const linodeNamesFile = `${folder}/linode/names.json`;
/** What programs have put into Linode's domains. */
export const linodeRecordsFile = `${folder}/linode-records.json`;
/** The webhooks that were received, a line each. */
export const hooksFile = `${folder}/hooks.jsonl`;
/** Where they may write what need not outlive them. */
export const scratchFolder = "/tmp";
