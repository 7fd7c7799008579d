package postgres

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// FromEnv reads ZHANGGUI_DATA, PGBIN and ZHANGGUI_POSTGRES_SETTINGS
// ("shared_buffers=2GB max_wal_size=8GB", values without spaces).
func FromEnv() (Options, error) {
	o := Options{Dir: os.Getenv("ZHANGGUI_DATA"), Bin: os.Getenv("PGBIN"), Settings: map[string]string{}}
	for _, word := range strings.Fields(os.Getenv("ZHANGGUI_POSTGRES_SETTINGS")) {
		name, value, _ := strings.Cut(word, "=")
		o.Settings[name] = value
	}
	return o, o.check()
}

// ours are the settings on which reaching and finding the cluster depend.
var ours = []string{
	"listen_addresses", "unix_socket_directories", "unix_socket_permissions", "unix_socket_group", "port",
	"cluster_name", "data_directory", "hba_file", "ident_file", "config_file", "external_pid_file",
}

var settingName = regexp.MustCompile(`^[a-z_]+$`)

func (o Options) check() error {
	for name := range o.Settings {
		if !settingName.MatchString(name) || slices.Contains(ours, name) {
			return fmt.Errorf("database setting %q cannot be chosen", name)
		}
	}
	return nil
}

// defaults suit one machine that also runs the program.
var defaults = map[string]string{
	"max_connections":     "200",
	"shared_buffers":      "256MB",
	"max_wal_size":        "2GB",
	"wal_compression":     "on",
	"checkpoint_timeout":  "15min",
	"random_page_cost":    "1.1",
	"jit":                 "off", // compiling costs more than our short queries
	"timezone":            "UTC",
	"log_timezone":        "UTC",
	"password_encryption": "scram-sha-256",
	"log_checkpoints":     "off",
	"log_min_messages":    "log",   // statement errors go to the program; they may name people
	"log_error_verbosity": "terse", // for the same reason: details quote rows
}

// fast gives up what only a crash of the machine needs.
var fast = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
	"autovacuum":         "off",
	"checkpoint_timeout": "1h",
	"shared_buffers":     "128MB",
	"max_connections":    "300",
}

// arguments is the postmaster's command line.
func (o Options) arguments(h home, socket string) []string {
	all := maps.Clone(defaults)
	if o.Fast {
		maps.Copy(all, fast)
	}
	maps.Copy(all, o.Settings)
	maps.Copy(all, map[string]string{
		"listen_addresses":        "", // no network
		"unix_socket_directories": socket,
		"unix_socket_permissions": "0700",
		"port":                    port,
		"cluster_name":            h.clusterName(),
	})
	args := []string{"-D", h.data()}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
