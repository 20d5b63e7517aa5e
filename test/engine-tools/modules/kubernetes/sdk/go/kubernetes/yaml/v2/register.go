// Package v2 stands in for the SDK's components of manifests: see package kubernetes.
package v2

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource refuses: this provider serves no components.
func RegisterResource(
	_ *pulumi.Context, apiVersion, kind, name string, _ pulumi.Input, _ ...pulumi.ResourceOption,
) (pulumi.CustomResource, error) {
	return nil, fmt.Errorf("%s/%s %q: this build of the provider, for tests, serves no components", apiVersion, kind, name)
}
