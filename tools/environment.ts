import { join } from "node:path";
import { folderVariable, socketsVariable } from "../infra/ssh/connection.ts";
import { cliFolder, pulumiHome, root, sshFolder } from "./paths.ts";
import { sshSockets } from "./ssh-sockets.ts";

/** The environment in which Pulumi's command line runs: our plugins, our Node.js, and no downloads behind our back. */
export function pulumiEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULUMI_HOME: pulumiHome,
    ...sshEnvironment(),
    PATH: [cliFolder(), join(root, "node_modules/.bin"), process.env["PATH"] ?? ""].join(":"),
    // The program and its plugins are the same at each run; compiling them is a tenth of a preview.
    NODE_COMPILE_CACHE: join(root, ".landfall", "compile-cache"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A missing plugin is an error that names it; tools/ground.ts is what installs.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A plugin of the same name somewhere in PATH would win over the installed one, whatever its version.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

/** What ssh needs to know of this clone; in the environment, since a connection's address must not name folders. */
export function sshEnvironment(): Record<string, string> {
  return { [folderVariable]: sshFolder, [socketsVariable]: sshSockets() };
}
