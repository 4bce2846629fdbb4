/** Where the programs of the rehearsal's internet find their files inside their containers. */
export const folder = "/internet";
/** What they are told; see `Account`. */
export const accountFile = `${folder}/account.json`;
/** The keys of the authorities. */
export const authorityFolder = `${folder}/authorities`;
/** The zones as they are now. */
export const zonesFile = `${folder}/zones.json`;
/** Where they may write what need not outlive them. */
export const scratchFolder = "/tmp";
