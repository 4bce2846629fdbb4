/**
 * Whether the Docker provider has crashed, which it does now and then at the end of a build: buildkit's Session.Run
 * panics in a goroutine of its own (resource_docker_image_funcs.go of the provider). An update that is run again goes on.
 */
export function hasProviderCrashed(output: string): boolean {
  return output.includes("pulumi-resource-docker exited prematurely") && output.includes("session.(*Session).Run");
}
