// node restore.js FOLDER FILE...: runs the module of FOLDER as the page does, and prints a line of JSON for
// each file: what was restored, in hexadecimal digits, and the two answers.
"use strict";

const fs = require("fs");
const path = require("path");
const [folder, ...files] = process.argv.slice(2);
globalThis.require = require;
globalThis.crypto ??= require("crypto").webcrypto;
require(path.join(folder, "wasm_exec.js"));

(async () => {
	const go = new Go();
	const module = fs.readFileSync(path.join(folder, "ktweb.wasm"));
	go.run((await WebAssembly.instantiate(module, go.importObject)).instance);
	for (const file of files) {
		const bytes = new Uint8Array(fs.readFileSync(file));
		const name = path.basename(file);
		const {answer, parts} = ktzip.restore(bytes, name);
		const content = Buffer.concat(parts).toString("hex");
		const line = {content, answer: JSON.parse(answer), report: JSON.parse(ktzip.report(bytes, name))};
		fs.writeSync(1, JSON.stringify(line) + "\n");
	}
	process.exit(0);
})();
