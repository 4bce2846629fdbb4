/**
 * What the vendor offers, as far as a rehearsal knows it. The lists are parts of the vendor's own:
 * https://api.linode.com/v4/regions and https://api.linode.com/v4/linode/types
 */

export const regions: readonly string[] = [
  "ap-northeast",
  "ap-south",
  "ap-southeast",
  "ap-west",
  "au-mel",
  "br-gru",
  "ca-central",
  "de-fra-2",
  "es-mad",
  "eu-central",
  "eu-west",
  "fr-par",
  "fr-par-2",
  "gb-lon",
  "id-cgk",
  "in-bom-2",
  "in-maa",
  "it-mil",
  "jp-osa",
  "jp-tyo-3",
  "nl-ams",
  "se-sto",
  "sg-sin-2",
  "us-central",
  "us-east",
  "us-iad",
  "us-lax",
  "us-mia",
  "us-ord",
  "us-sea",
  "us-southeast",
  "us-west",
];

/** What a server of a type has. Memory and disk in MiB, transfer in GB a month. */
export interface Specs {
  readonly vcpus: number;
  readonly memory: number;
  readonly disk: number;
  readonly transfer: number;
  readonly gpus: number;
  readonly acceleratedDevices: number;
}

function specs(vcpus: number, memory: number, disk: { readonly disk: number; readonly transfer: number }): Specs {
  return { vcpus, memory, ...disk, gpus: 0, acceleratedDevices: 0 };
}

export const types: Readonly<Record<string, Specs>> = {
  "g6-nanode-1": specs(1, 1024, { disk: 25_600, transfer: 1000 }),
  "g6-standard-1": specs(1, 2048, { disk: 51_200, transfer: 2000 }),
  "g6-standard-2": specs(2, 4096, { disk: 81_920, transfer: 4000 }),
  "g6-standard-4": specs(4, 8192, { disk: 163_840, transfer: 5000 }),
  "g6-standard-6": specs(6, 16_384, { disk: 327_680, transfer: 8000 }),
  "g6-standard-8": specs(8, 32_768, { disk: 655_360, transfer: 16_000 }),
  "g6-dedicated-2": specs(2, 4096, { disk: 81_920, transfer: 4000 }),
  "g6-dedicated-4": specs(4, 8192, { disk: 163_840, transfer: 5000 }),
  "g6-dedicated-8": specs(8, 16_384, { disk: 327_680, transfer: 6000 }),
  "g6-dedicated-16": specs(16, 32_768, { disk: 655_360, transfer: 7000 }),
};

/** The type that a server is of when none is given. */
export const defaultType = "g6-standard-1";

/** The images that servers of a rehearsal can start from. */
export const images: readonly string[] = ["linode/debian13"];
