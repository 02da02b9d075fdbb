package main

import (
	"os"

	"github.com/ktzip/ktzip/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(cli.Command{Name: "ktunzip"}, os.Args)) }
