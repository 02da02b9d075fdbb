// node wasi.mjs MODULE ARGUMENT...: runs a module of GOOS=wasip1.
import {readFileSync} from "node:fs";
import {argv, env} from "node:process";
import {WASI} from "node:wasi";
const wasi = new WASI({version: "preview1", args: argv.slice(2), env, preopens: {"/": "/"}});
const module = await WebAssembly.compile(readFileSync(argv[2]));
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
