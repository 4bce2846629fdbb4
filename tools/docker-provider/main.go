// Command pulumi-resource-docker is Pulumi's Docker provider: the bridge around the Terraform provider, with the
// resource types and names that the npm package @pulumi/docker expects. It is built only where the vendor's own
// download cannot be reached.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// version is the npm package's version, set when linking: the engine asks for exactly that one.
var version = "0.0.0"

//go:embed schema.json
var schema []byte

func resource(name string) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource("docker", "index", name)}
}

// singular keeps a list's name as it is, where the bridge would make it a plural.
func singular(name string) *tfbridge.SchemaInfo { return &tfbridge.SchemaInfo{Name: name} }

func providerInfo() tfbridge.ProviderInfo {
	container := resource("Container")
	container.DeleteBeforeReplace = true
	container.Fields = map[string]*tfbridge.SchemaInfo{
		"command":           singular("command"),
		"networks_advanced": singular("networksAdvanced"),
	}
	image := resource("RemoteImage")
	image.Fields = map[string]*tfbridge.SchemaInfo{"name": singular("name")}

	info := tfbridge.ProviderInfo{
		P:              shim.NewProvider(provider.New(version)()),
		Name:           "docker",
		Version:        version,
		ResourcePrefix: "docker",
		Config:         map[string]*tfbridge.SchemaInfo{"registry_auth": singular("registryAuth")},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": container,
			"docker_image":     image,
			"docker_config":    resource("ServiceConfig"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: tfbridge.MakeDataSource("docker", "index", "getRemoteImage")},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	info.SetAutonaming(255, "-")
	return info
}

func main() { tfbridge.Main("docker", version, providerInfo(), schema) }
