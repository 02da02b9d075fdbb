// Hands files that one drops or chooses to a worker, and shows what it sends. What comes from a file is
// text: nothing here makes markup of it.
"use strict";

const element = (id) => document.getElementById(id);
const maxFile = 2 ** 30; // bytes; arbitrary: the worker holds all of it
const number = (n) => n.toLocaleString("en");
const bytes = (n) => number(n) + (n === 1 ? " byte" : " bytes");

const served = location.protocol !== "file:"; // browsers run no worker of a file

let compiled; // a promise of the module
let worker; // that has the present file; undefined if none has
let link; // to what was restored

function compile() {
	const get = () => fetch("ktweb.wasm");
	return WebAssembly.compileStreaming(get()).catch(async () => // of servers that don't know the type
		WebAssembly.compile(await (await get()).arrayBuffer()));
}

function say(text) {
	element("state").textContent = text;
}

function clear() {
	worker?.terminate();
	worker = undefined;
	if (link) URL.revokeObjectURL(link);
	link = undefined;
	for (const id of ["damage", "report"]) element(id).replaceChildren();
	for (const id of ["damage", "download"]) element(id).hidden = true;
	delete document.body.dataset.done; // says to tests that all is shown
}

async function open(file) {
	if (!served) return;
	clear();
	if (file.size > maxFile) {
		say("The file is too large for a page: use ktunzip.");
		return;
	}
	say("Restoring " + file.name + " …");
	const own = worker = new Worker("worker.js");
	own.onmessage = ({data}) => own === worker && show(file, data);
	own.onerror = () => own === worker && show(file, {failed: "the worker does not run"});
	try {
		compiled ??= compile();
		own.postMessage({module: await compiled, file});
	} catch (err) {
		compiled = undefined;
		if (own === worker) show(file, {failed: String(err)});
	}
}

function show(file, {restored, blob, report, failed}) {
	if (failed) {
		say("This page cannot restore " + file.name + ": " + failed);
	} else if (report?.error) {
		if (!element("download").hidden) say(element("state").textContent + " There is no report: " + report.error);
	} else if (report) {
		ktzipReport.draw(element("report"), report, 1);
	} else {
		showRestored(file, restored, blob);
		return; // the report follows
	}
	document.body.dataset.done = failed ? "failed" : "shown";
}

function showRestored(file, restored, blob) {
	if (restored.foreign) {
		say(file.name + " is not a .ktz file: nothing in it is as ktzip writes it.");
		return;
	}
	if (restored.nothing) {
		say("Nothing of " + file.name + " can be restored (" + restored.error + ").");
		return;
	}
	say(restored.error
		? file.name + " is damaged (" + restored.error + "). What is intact is restored."
		: file.name + " is intact: " + bytes(file.size) + " restore to " + bytes(restored.size) + ".");
	for (const {offset, size} of restored.missing) {
		const item = document.createElement("li");
		item.textContent = size < 0
			? "Bytes from " + number(offset) + " on are missing; it is unknown how many."
			: "Bytes " + number(offset) + " to " + number(offset + size - 1) + " are missing; NULs stand for them.";
		element("damage").append(item);
	}
	element("damage").hidden = restored.missing.length === 0;
	const a = element("download");
	a.href = link = URL.createObjectURL(blob);
	a.download = restored.name;
	a.textContent = "Save " + restored.name;
	a.hidden = false;
}

element("file").addEventListener("click", ({target}) => target.value = ""); // so that the same file is a change
element("file").addEventListener("change", ({target}) => target.files[0] && open(target.files[0]));
const drop = element("drop");
for (const kind of ["dragover", "dragleave", "drop"]) {
	document.addEventListener(kind, (event) => {
		event.preventDefault();
		drop.classList.toggle("over", kind === "dragover");
		if (kind === "drop" && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
	});
}
if (!served) {
	element("file").disabled = true;
	say("A browser restores nothing in a page that it opens as a file. Let a server serve the folder, such as python3 -m http.server.");
}
