package assets

import _ "embed" // the files below

var (
	//go:embed report_base.js
	base string
	//go:embed report_head.js
	head string
	//go:embed report_map.js
	strips string
	//go:embed report_graph.js
	graph string
	//go:embed report_detail.js
	detail string
	//go:embed report_pictures.js
	pictures string
	//go:embed report.js
	report string

	// Style is the style sheet: its rules hold for what is in an element of class ktzip-report.
	//go:embed report.css
	Style string
)

// Script is the script. ktzipReport.draw(element, report, level) draws a report into an element; level is
// added to the levels of its headings. A page that has an element ktzip-report and the JSON of a report in
// an element ktzip-report-data shows it at once.
var Script = base + head + strips + graph + detail + pictures + report
