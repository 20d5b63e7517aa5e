// Package kubernetes stands in for Pulumi's generated SDK of the same path, which takes longer to compile than all the rest
// of the provider. It holds only what the provider's components (Chart, ConfigGroup) name: the tests use Release alone.
package kubernetes

import "reflect"

// UntypedArgs holds the inputs of a resource as they are.
type UntypedArgs map[string]any

// ElementType makes UntypedArgs an input.
func (UntypedArgs) ElementType() reflect.Type {
	return reflect.TypeOf(map[string]any{})
}
