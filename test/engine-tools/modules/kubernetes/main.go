// Serves Pulumi's Kubernetes provider: the module's own main embeds two generated files, which the module cache has beside it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker.
var version = "0.0.0"

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve reads the schema and the mapping from the folder of this program.
func serve() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	folder := filepath.Dir(program)
	schema, err := os.ReadFile(filepath.Join(folder, "kubernetes-schema.json"))
	if err != nil {
		return err
	}
	mapping, err := os.ReadFile(filepath.Join(folder, "kubernetes-mapping.json"))
	if err != nil {
		return err
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(schema, &parts); err != nil {
		return err
	}
	parts["version"] = json.RawMessage(`"` + version + `"`)
	versioned, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	provider.Serve("kubernetes", version, versioned, mapping)
	return nil
}
