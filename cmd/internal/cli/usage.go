package cli

import "strings"

const synopsisCompress = `NAME compresses files into programs that produce them. FILE becomes FILE.ktz;
without FILE, or where it is -, standard input goes to standard output.
`

const synopsisRestore = `NAME restores files that ktzip compressed. FILE.ktz becomes FILE; without
FILE.ktz, or where it is -, standard input goes to standard output.
`

const usageModes = `
What to do:
  -d, --decompress       restore; FILE.ktz becomes FILE
  -t, --test             check that files restore; write nothing
  -l, --list             list sizes, ratio, share of program blocks, memory needed;
                         with -v also what the header says
      --salvage[=HOW]    restore what is intact of a damaged file; what is missing becomes
                         NULs (zeros, the default) or is left out (omit)
      --explain          print every program with its place and its cost
  -h, --help             print this
  -V, --version          print the versions

Input and output:
  -o, --output FILE      write to FILE
  -c, --stdout           write to standard output
  -r, --recursive        work on the files in folders; links in them are skipped
  -k, --keep             keep the input files (always so without --rm)
      --rm               remove an input file once its output is complete and on the disk
      --synchronous      wait until each output is on the disk, also without --rm
      --no-sparse        write NULs where restored files could have holes
  -f, --force            overwrite; write compressed data to a terminal; take devices
                         and pipes
`

const usageCompress = `
Compression:
  -1 ... -9              fast ... small; 6 is the default
      --block-size SIZE  bytes that one program makes, a power of two; default 128
      --segment-size SIZE
                         bytes that restore alone; default 1 to 8 MiB, by the data
      --plan TEXT        the plan of every segment, its lines separated by semicolons;
                         none: no plan; default: the best one that is found
      --search HOW       what looks for programs: enumerate (deduction and enumeration, the
                         default), seqcoder (a transformer), or both
      --model FILE       the transformer's weights (.safetensors), for those built in
      --device DEVICE    that it runs on: cpu, cuda or cuda:N, auto (a GPU where there
                         is one; the default), none (without it)
      --no-verify        don't restore what was compressed to compare it
`

const usageRest = `
Resources and messages:
  -T, --threads N        segments at a time; default: THREADS
      --memory-limit SIZE
                         refuse to restore what needs more; default 128MiB
  -v, --verbose          a line for each file
  -q, --quiet            no warnings, no progress
      --no-progress      no progress bar
      --json             with -l, --explain, -t, and after compressing or restoring:
                         one JSON object a file, a line each, on standard output
                         (on standard error where that takes the data)

A SIZE is in bytes, or has a unit: 64KiB, 1MiB, 1GiB (64K, 1M, 1G).

Exit codes: 0 all went well; 1 an error, the rest of the files were still worked on;
2 a warning, for instance a file was skipped. A signal leaves no unfinished output.
`

// usage is the help text.
func usage(cmd *Command) string {
	text := "Usage: NAME [OPTION]... [FILE]...\n\n"
	if cmd.Compress {
		text += synopsisCompress + usageModes + usageCompress
		text += strings.Replace(usageRest, "THREADS", "all cores; 1 for -d and -t", 1)
	} else {
		text += synopsisRestore + usageModes
		text += strings.Replace(usageRest, "THREADS", "1", 1)
	}
	return strings.ReplaceAll(text, "NAME", cmd.Name)
}
