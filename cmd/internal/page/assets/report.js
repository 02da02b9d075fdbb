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
    // part adds a section, drawn when it is seen if it is not among the first.
    const part = function (name, word, content) {
      const section = el("section", { class: "section " + word, id: R.id(word), "aria-label": name });
      links.push(el("li", {}, el("a", { href: "#" + section.id }, name)));
      main.append(section);
      if (typeof content === "function") R.lazy(section, 200, box => R.add(box, content())); else R.add(section, content);
    };
    const nav = el("nav", { class: "contents", "aria-label": "Parts of the report" });
    const details = (report.details || []).length ? R.details(report, family) : null;
    const map = (report.segments || []).length ? R.map(report, i => details && details.show(i)) : null;
    if (map) part("Map", "map", map);
    if (map && (report.costly || []).length) part("Where the bits go", "costly", R.costly(report, map.show));
    if ((report.methods || []).length) part("Beside other compressors", "methods", R.methods(report));
    if (details) part("How it is made", "details", details);
    if ((report.programs || []).length) part("Programs", "programs", () => R.programs(report));
    part("All figures", "figures-part", R.figures(report.list));
    nav.append(el("ul", {}, links));
    R.add(element, [R.head(report), nav, main,
      el("footer", {}, "Made by ktzip", report.version ? " " + report.version : "", ". This report is one file that loads nothing.")]);
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
