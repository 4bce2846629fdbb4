/** What a server is made from. */
export interface GenerationInputs {
  /** Name with the generation, for example `staging-g1`. */
  readonly server: string;
  readonly region: string;
  readonly image: string;
  readonly diskEncryption: boolean;
  /** Swap disk in MiB. */
  readonly swap: number;
  /** Hash of the user data. A change is told of, but makes nothing anew by itself. */
  readonly userDataHash: string;
}

const fixed = ["region", "image", "diskEncryption", "swap"] as const;

/** Something that cannot be changed in place, as a provider reports it. */
export interface FixedChange {
  readonly property: string;
  readonly reason: string;
}

/**
 * What differs from what the server was made from and can only come with its next generation: Linode would migrate it
 * to other addresses, or make it anew in place with nothing on it.
 */
export function fixedWithGeneration(old: GenerationInputs | undefined, inputs: GenerationInputs): FixedChange[] {
  if (old === undefined) return [];
  return fixed
    .filter((key) => old[key] !== inputs[key])
    .map((key) => ({
      property: key,
      reason:
        `the server ${inputs.server} was made with ${JSON.stringify(old[key])}, and ${JSON.stringify(inputs[key])} ` +
        "comes only with its next generation: raise landfall:servers[].generation of it, or set back what was",
    }));
}
