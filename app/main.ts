import { ConfigurationError, readConfiguration, type Configuration } from "./configuration.ts";
import { openLogger } from "./logger.ts";
import { reindex } from "./search/reindex.ts";
import { startService } from "./service.ts";

const stopDeadlineMilliseconds = 10_000;

/**
 * Runs the service; with the argument `reindex`, makes the search index anew instead.
 * Exit codes: 0 stopped when asked, 1 failed or did not stop in time, 2 the configuration is at fault.
 */
async function main(): Promise<void> {
  const configuration = configured();
  if (configuration === undefined) {
    process.exitCode = 2;
    return;
  }
  if (process.argv[2] === "reindex") {
    process.stdout.write(`${await reindex(configuration)}\n`);
    return;
  }
  const logger = openLogger(configuration.logLevel);
  const service = await startService(configuration, logger);
  const stop = (signal: string): void => {
    logger.info({ signal }, "asked to stop");
    const deadline = setTimeout(() => {
      logger.error("did not stop in time");
      process.exit(1);
    }, stopDeadlineMilliseconds);
    deadline.unref();
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function configured(): Configuration | undefined {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The service could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
