// Restores one file, and ends with it. The page sends the module and the file; the worker sends what it
// restored, then the report. A worker of its own for each file keeps the page alive, and frees the memory.
"use strict";

importScripts("wasm_exec.js");

onmessage = async ({data: {module, file}}) => {
	try {
		const go = new Go();
		const instance = await WebAssembly.instantiate(module, go.importObject);
		go.run(instance); // it waits for calls
		const bytes = new Uint8Array(await file.arrayBuffer());
		const {answer, parts} = ktzip.restore(bytes, file.name);
		const restored = JSON.parse(answer);
		postMessage({restored, blob: new Blob(parts)});
		postMessage({report: restored.nothing ? restored : JSON.parse(ktzip.report(bytes, file.name))});
	} catch (err) {
		postMessage({failed: String(err)});
	}
	close();
};
