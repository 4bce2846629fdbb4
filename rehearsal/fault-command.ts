import { parseArgs } from "node:util";
import type { Cloud } from "./cloud/cloud.ts";
import { breakApi, mendApi, type ApiFault, type Operation } from "./cloud/faults.ts";
import { cutNetwork, emptyDisk, fillDisk, killServer, mendNetwork } from "./faults/server.ts";

const operations: readonly Operation[] = ["create", "read", "update", "delete", "invoke"];

const usage = `Faults of a rehearsal cloud:
  fault api [--status 429] [--delay MS] [--after N] [--times N] [--vendor linode] [--token TYPE] [--operation create]
                               the vendors' APIs answer so: N calls get through first, N are met, or all that follow
  fault mend-api               the APIs answer as they should
  fault kill SERVER            a server goes down as in a power cut
  fault cut SERVER             nothing gets to a server or from it any more
  fault mend SERVER            what was cut is mended
  fault fill SERVER FOLDER     no room is left on the disk that a folder of a server is on
  fault empty SERVER FOLDER    the room is there again
SERVER is a label at Linode, for example landfall-staging-staging-g1.`;

/** Breaks something of a cloud, or mends it, as a command line says. @returns the exit code @throws on anything else */
export async function injectFault(cloud: Cloud, args: readonly string[]): Promise<number> {
  const [kind, ...rest] = args;
  switch (kind) {
    case "api":
      await breakApi(cloud, parseApiFault(rest));
      return 0;
    case "mend-api":
      await mendApi(cloud);
      return 0;
    case "kill":
    case "cut":
    case "mend":
      await onServer[kind](cloud, oneOf(rest, "SERVER"));
      return 0;
    case "fill":
      await fillDisk(cloud, oneOf(rest, "SERVER"), oneOf(rest.slice(1), "FOLDER"));
      return 0;
    case "empty":
      await emptyDisk(cloud, oneOf(rest, "SERVER"), oneOf(rest.slice(1), "FOLDER"));
      return 0;
    case "help":
      console.log(usage);
      return 0;
    default:
      throw new Error(`"${String(kind)}" is no fault. ${usage}`);
  }
}

const onServer = { kill: killServer, cut: cutNetwork, mend: mendNetwork } as const;

function oneOf([first]: readonly string[], what: string): string {
  if (first === undefined) throw new Error(`The ${what} is missing. ${usage}`);
  return first;
}

/** Reads what an API is to do. @throws when it is nothing */
export function parseApiFault(args: readonly string[]): ApiFault {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { status: text, delay: text, after: text, times: text, vendor: text, token: text, operation: text },
  });
  const numbers = (["status", "delay", "after", "times"] as const).flatMap((key): [string, number][] => {
    const given = values[key];
    if (given === undefined) return [];
    if (!/^\d+$/.test(given)) throw new Error(`--${key} is "${given}"; it must be a whole number.`);
    return [[key, Number(given)]];
  });
  const operation = operations.find((one) => one === values.operation);
  if (values.operation !== undefined && operation === undefined) {
    throw new Error(`--operation is "${values.operation}"; it must be one of ${operations.join(", ")}.`);
  }
  const fault = Object.fromEntries(numbers) as ApiFault;
  if (fault.status === undefined && fault.delay === undefined)
    throw new Error(`Neither a --status nor a --delay. ${usage}`);
  return {
    ...fault,
    ...(values.vendor === undefined ? {} : { vendor: values.vendor }),
    ...(values.token === undefined ? {} : { token: values.token }),
    ...(operation === undefined ? {} : { operation }),
  };
}
