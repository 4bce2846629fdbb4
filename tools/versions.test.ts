import { join } from "node:path";
import { expect, test } from "vitest";
import { requiredModule } from "./go.ts";
import { packageVersion, root } from "./paths.ts";

test("the command line that is built has the version of the npm package", () => {
  const built = requiredModule(join(root, "tools/pulumi-cli"), "github.com/pulumi/pulumi/pkg/v3");
  expect(built).toBe(`v${packageVersion("@pulumi/pulumi")}`);
});
