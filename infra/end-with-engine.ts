import process from "node:process";

/**
 * Ends the program when nobody reads what it prints: the engine that ran it was killed. Otherwise the SDK tells that the
 * engine is gone on a standard error that is gone too, which fails, which it tells, and so on on a whole core for ever.
 * https://github.com/pulumi/pulumi/issues/1465, https://github.com/pulumi/pulumi-awsx/issues/1113
 */
export function endWithEngine(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      process.exit(1);
    });
  }
}
