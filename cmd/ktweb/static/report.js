// Shows a report as a table of its list.
"use strict";

globalThis.ktzipReport = {
	draw(element, report) {
		const table = document.createElement("table");
		for (const [key, value] of Object.entries(report.list)) {
			const row = table.insertRow();
			row.insertCell().textContent = key.replaceAll("_", " ");
			row.insertCell().textContent = typeof value === "string" ? value : JSON.stringify(value);
		}
		element.append(table);
	},
};
