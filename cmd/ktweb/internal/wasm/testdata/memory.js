// node memory.js WASM_EXEC MODULE: prints the memory of a module before it runs, then runs it.
"use strict";

const fs = require("fs");
const [glue, path] = process.argv.slice(2);
globalThis.require = require;
globalThis.fs = fs;
globalThis.crypto ??= require("crypto").webcrypto;
require(glue);

(async () => {
	const go = new Go();
	const {instance} = await WebAssembly.instantiate(fs.readFileSync(path), go.importObject);
	const memory = Buffer.from(new Uint8Array(instance.exports.mem.buffer));
	for (let off = 0; off < memory.length;) off += fs.writeSync(1, memory, off);
	await go.run(instance);
})();
