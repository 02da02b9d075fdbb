// The report as a whole: draw(element, report) fills an element; a page that holds the data draws at once.
(function (R) {
  const el = R.el;

  // draw draws a report, as package describe makes it, into an element. level is added to those of headings.
  R.draw = function (element, report, level) {
    const began = performance.now();
    R.forget();
    R.level = level || 0;
    element.replaceChildren();
    element.classList.add("ktzip-report");
    const family = getComputedStyle(element).fontFamily || "sans-serif";
    const main = el("div", { class: "body" }), links = [];
    let map = null, details = null;
    const parts = [ // name, word, whether there is one, what it shows, and whether to wait until it is seen
      ["Map", "map", report.segments, () => map = R.map(report, i => { if (details) details.show(i); })],
      ["Where the bits go", "costly", (report.segments || []).length ? [...report.parts || [], ...report.costly || []] : [], () => R.costly(report, i => details && details.show(i), s => map.show(s))],
      ["Beside other compressors", "methods", report.methods, () => R.methods(report)],
      ["How it is made", "details", report.details, () => details = R.details(report, family)],
      ["Programs", "programs", report.programs, () => R.programs(report), true],
      ["All figures", "figures-part", [report.list], () => R.figures(report.list)],
    ];
    for (const [name, word, list, show, wait] of parts) {
      if (!(list || []).length) continue;
      const section = el("section", { class: "section " + word, id: R.id(word), "aria-label": name });
      links.push(el("li", {}, el("a", { href: "#" + section.id }, name)));
      main.append(section);
      const draw = box => R.add(box, show());
      if (wait) R.lazy(section, 200, draw); else R.guard(section, draw);
    }
    R.add(element, [R.head(report), el("nav", { class: "contents", "aria-label": "Parts of the report" }, el("ul", {}, links)), main,
      el("footer", {}, "Made by ", /^ktzip/.test(report.version) ? report.version : "ktzip " + (report.version || ""), level ? "." : ". This report is one file that loads nothing.")]);
    if (details) details.begin();
    element.setAttribute("data-drawn", (performance.now() - began).toFixed(1)); // milliseconds
  };

  let opened = [];
  addEventListener("beforeprint", () => { opened = R.all(); });
  addEventListener("afterprint", () => { opened.forEach(d => { d.open = false; }); });

  const data = document.getElementById("ktzip-report-data");
  const place = document.getElementById("ktzip-report");
  if (data && place) {
    R.draw(place, JSON.parse(data.textContent));
    place.setAttribute("data-ready", performance.now().toFixed(1)); // milliseconds since the page was asked for
  }
})(ktzipReport);
