// The map of a report: the whole file as a strip, coloured by what each cell costs. A segment and a section of
// it can be looked at closer. Mouse and keyboard move over the cells.
(function (R) {
  const el = R.el, svg = R.svg;
  const maxColumns = 400; // of a strip; more are thinner than a pixel on a small screen
  const narrow = 0.02; // share of a strip that has no room for words
  const maxLane = 80; // sections with a button below the strip; the table has all

  // columnsOf returns the cells of a stretch of the file, some of a segment in one if there are many. One without a segment
  // is what cannot be restored.
  function columnsOf(report, from, to) {
    let cells = 0;
    const parts = report.segments.filter(s => s.offset < to && s.offset + s.size > from);
    for (const s of parts) {
      cells += (Math.min(to, s.offset + s.size) - Math.max(from, s.offset)) / (s.cell || s.size);
    }
    const join = Math.max(1, Math.ceil(cells / maxColumns));
    const columns = [];
    let reached = from;
    for (const s of parts) {
      if (s.offset > reached) columns.push({ segment: null, start: reached, end: s.offset, bytes: s.offset - reached, bits: 0, rate: 0 });
      reached = Math.max(reached, s.offset + s.size);
      const heat = s.heat || [], cell = s.cell || s.size;
      const first = Math.max(0, Math.floor((from - s.offset) / cell));
      for (let i = first; i < heat.length && s.offset + i * cell < to; i += join) {
        const start = s.offset + i * cell, end = Math.min(s.offset + Math.min(s.size, (i + join) * cell), to);
        let bits = 0, bytes = 0;
        for (let k = i; k < Math.min(i + join, heat.length); k++) {
          const n = Math.min(cell, s.size - k * cell);
          bits += heat[k] / 16 * n;
          bytes += n;
        }
        const rate = bytes ? bits / bytes : 0, size = end - Math.max(from, start);
        columns.push({ segment: s, start: Math.max(from, start), end: end, bytes: size, bits: rate * size, rate: rate });
      }
    }
    return columns.filter(c => c.end > c.start);
  }

  // sectionAt returns the section with most of a column.
  function sectionAt(column) {
    let found = null, most = 0;
    for (const s of column.segment && column.segment.sections || []) {
      const n = Math.min(column.end, s.offset + s.size) - Math.max(column.start, s.offset);
      if (n > most) { most = n; found = s; }
    }
    return found;
  }

  const nameOf = s => R.words(s.words) || "not told apart";

  // streamsOf names the streams that a section is made of.
  function streamsOf(section) {
    const list = section && section.streams || [], most = 6;
    return list.length ? (list.length > 1 ? "; streams " : "; stream ") + list.slice(0, most).join(", ") + (list.length > most ? ", \u2026" : "") : "";
  }

  const lost = "cannot be restored";
  const holds = function (c) { const s = sectionAt(c); return s && s.words ? R.words(s.words) : c.segment ? "not told apart" : lost; };

  function describe(report, c) {
    const s = c.segment, section = sectionAt(c), offset = ["Offset", R.num(c.start) + " to " + R.num(c.end)];
    if (!s) return [offset, ["Damaged", R.bytes(c.bytes) + ", which " + lost]];
    return [
      offset,
      ["Before and after", R.bytes(c.bytes) + ", coded in about " + R.num(c.bits / 8)],
      ["Cost", R.dec(c.rate, 2) + " bits a byte"],
      ["Segment", R.num(report.segments.indexOf(s) + 1) + " of " + R.num(report.segments.length)],
      ["Plan", (s.plan || "none") + streamsOf(section)],
      ["Holds", holds(c)],
    ];
  }

  // strip draws columns; move hears of the column under the mouse or the keys, pick of a choice.
  function strip(report, label, from, to, columns, move, pick) {
    const scale = 1000 / Math.max(1, to - from), height = 64;
    const picture = svg("svg", { viewBox: "0 0 1000 " + height, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (const c of columns) { // each reaches to the end, and the next one covers it: no seams
      const x = (c.start - from) * scale;
      picture.append(svg("rect", { x: x.toFixed(3), y: 0, width: Math.max(0, 1000 - x).toFixed(3), height: height,
        fill: c.segment ? R.colour(c.rate) : null, class: c.segment ? null : "lost" }));
    }
    const marker = el("span", { class: "marker", hidden: true });
    let at = 0;
    const box = el("div", { class: "strip", tabindex: 0, role: "slider", "aria-label": label, "aria-valuemin": 0,
      "aria-valuemax": Math.max(0, columns.length - 1), "aria-valuenow": 0 }, picture, marker);
    const show = function (i) {
      const c = columns[i];
      if (!c) return;
      at = i;
      marker.hidden = false;
      marker.style.left = (c.start - from) * scale / 10 + "%";
      marker.style.width = Math.max(0.25, (c.end - c.start) * scale / 10) + "%";
      const words = describe(report, c);
      box.setAttribute("aria-valuenow", i);
      box.setAttribute("aria-valuetext", R.clean(words.map(([k, v]) => k + " " + v).join("; ")));
      move(words, c);
    };
    const choose = () => columns[at] && columns[at].segment && pick(columns[at]);
    const under = function (event) {
      const place = box.getBoundingClientRect();
      const offset = from + (event.clientX - place.left) / Math.max(1, place.width) * (to - from);
      let low = 0, high = columns.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (columns[middle].start <= offset) low = middle; else high = middle - 1;
      }
      return low;
    };
    const page = Math.max(1, Math.round(columns.length / 10));
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: page, PageDown: -page, Home: -columns.length, End: columns.length };
    box.addEventListener("pointermove", e => show(under(e)));
    box.addEventListener("focus", () => show(at));
    box.addEventListener("click", function (e) { show(under(e)); choose(); });
    box.addEventListener("keydown", function (e) {
      if (steps[e.key] !== undefined) show(Math.max(0, Math.min(columns.length - 1, at + steps[e.key])));
      else if (e.key === "Enter" || e.key === " ") choose();
      else return;
      e.preventDefault();
    });
    return box;
  }

  // lane has a button below the strip for each part of it, if there are some and not too many.
  function lane(kind, from, to, parts, name, choose) {
    if (!parts.length || parts.length > maxLane) return null;
    return el("div", { class: "lane " + kind }, parts.map((s, i) => el("button", { type: "button", title: name(s, i), "aria-label": name(s, i), onclick: () => choose(s, i),
      css: { left: 100 * (s.offset - from) / (to - from) + "%", width: 100 * s.size / (to - from) + "%" } }, s.size / (to - from) > narrow ? name(s, i) : "")));
  }

  function axis(from, to) {
    return el("div", { class: "axis", "aria-hidden": "true" }, [0, 0.25, 0.5, 0.75, 1].map(x => el("span", {}, R.short(Math.round(from + x * (to - from))))));
  }

  function legend(damaged) {
    return el("div", { class: "legend" }, el("span", {}, "Bits a byte"),
      el("div", { class: "legend-scale", role: "img", "aria-label": "Colours from dark, 0 bits a byte, to light, 8 bits and more" },
        el("div", { class: "legend-colours" }, R.palette.map(c => el("span", { css: { background: c } }))),
        el("div", { class: "legend-numbers" }, ["0", "\u00bd", "2", "4\u00bd", "8+"].map(t => el("span", {}, t)))),
      damaged ? el("span", {}, el("span", { class: "key lost" }), lost) : null);
  }

  function sectionTable(part, zoom) {
    return R.table("Sections of the segment", [
      { title: "Holds", cell: s => zoom ? R.link(() => zoom(s), nameOf(s)) : nameOf(s) },
      { title: "Offset", number: true, cell: s => R.num(s.offset) },
      { title: "Bytes", number: true, cell: s => R.num(s.size) },
      { title: "Coded, bytes", number: true, cell: s => R.num(s.bits / 8) },
      { title: "Bits a byte", number: true, cell: s => R.rate(s.bits, s.size) },
      { title: "", class: "wide", cell: s => R.bar(s.bits / 8 / Math.max(1, part.coded)) }], part.sections, true);
  }

  R.segmentTable = function (report, show) {
    const files = report.segments.some(s => s.file > 0), programs = report.segments.some(s => s.blocks && s.blocks[1] > 0);
    return R.table("Segments", [
      { title: "Segment", number: true, cell: (s, i) => show ? R.link(() => show(i), R.num(i + 1)) : R.num(i + 1) },
      files && { title: "File", number: true, cell: s => R.num(s.file + 1) },
      { title: "Offset", number: true, cell: s => R.num(s.offset) },
      { title: "Bytes", number: true, cell: s => R.num(s.size) },
      { title: "Coded", number: true, cell: s => R.num(s.coded) },
      { title: "Bits a byte", number: true, cell: s => R.rate(8 * s.coded, s.size) },
      { title: "Plan and programs", number: true, cell: s => R.num(s.program_bytes) },
      { title: "Members", number: true, cell: s => R.num(s.raw_bytes) },
      { title: "Blocks", number: true, cell: s => R.num((s.blocks || [0, 0])[0]) },
      programs && { title: "With a program", number: true, cell: s => R.num((s.blocks || [0, 0])[1]) },
      { title: "Plan", cell: s => s.plan || "none" },
      { title: "First bytes", class: "mono first", cell: s => s.preview }].filter(Boolean), report.segments);
  };

  function cellTable(report, columns) {
    return R.table("Cells", [
      { title: "Offset", number: true, cell: c => R.num(c.start) }, { title: "Bytes", number: true, cell: c => R.num(c.bytes) },
      { title: "Coded, bytes", number: true, cell: c => c.segment ? R.num(c.bits / 8) : "\u2013" },
      { title: "Bits a byte", number: true, cell: c => c.segment ? R.dec(c.rate, 2) : "\u2013" }, { title: "Holds", cell: holds }], columns);
  }

  // map returns the section of the map, with show(stretch) that shows a stretch of the file.
  R.map = function (report, open) {
    const segments = report.segments;
    const end = segments.reduce((n, s) => Math.max(n, s.offset + s.size), 0);
    const readout = el("dl", { class: "readout", "aria-live": "off" });
    const fresh = () => readout.replaceChildren(el("div", { class: "hint" }, el("dt", {}, "Look closer"),
      el("dd", {}, "Point at the strip, or focus it and use the arrow keys. A click or Enter goes into a segment.")));
    const tell = words => readout.replaceChildren(...words.map(([k, v]) => el("div", {}, el("dt", {}, k), el("dd", {}, v))));
    const closer = el("div", { class: "closer" }), crumbs = el("nav", { class: "crumbs", "aria-label": "Place on the map" });
    const frame = el("span", { class: "window", hidden: true });
    const only = segments.length === 1;

    function zoom(i, stretch, focus) {
      const part = segments[i];
      const from = stretch ? stretch.offset : part.offset, to = stretch ? stretch.offset + stretch.size : part.offset + part.size;
      frame.hidden = only && !stretch;
      frame.style.left = 100 * from / end + "%";
      frame.style.width = Math.max(0.3, 100 * (to - from) / end) + "%";
      const name = "Segment " + R.num(i + 1);
      crumbs.replaceChildren();
      if (!only) R.add(crumbs, [R.link(whole, "Whole file"), " \u203a ", stretch ? R.link(() => zoom(i, null, true), name) : el("span", { "aria-current": "true" }, name)]);
      if (only && stretch) crumbs.append(R.link(whole, "Whole file"));
      if (stretch) R.add(crumbs, [" \u203a ", el("span", { "aria-current": "true" }, nameOf(stretch))]);
      const parts = part.sections || [], into = s => zoom(i, s, true);
      const columns = columnsOf(report, from, to);
      const view = only && !stretch ? null : strip(report, name + (stretch ? ", " + (nameOf(stretch)) : "") + ", its cells", from, to, columns, tell,
        function (c) { const s = sectionAt(c); if (s && !stretch) into(s); });
      const under = stretch ? null : lane("", from, to, parts, nameOf, into);
      closer.replaceChildren();
      R.add(closer, [view ? [R.heading(3, stretch ? nameOf(stretch) : name), view, axis(from, to)] : null, under,
        el("p", { class: "note" }, R.bytes(to - from), " in ", R.num(stretch ? stretch.bits / 8 : part.coded), "; ",
          R.rate(stretch ? stretch.bits : 8 * part.coded, to - from), " bits a byte. ",
          part.plan ? ["Plan: ", part.plan, ". "] : "No plan. ",
          part.detail >= 0 ? R.link(() => open(part.detail), "See how it is made") : null),
        stretch ? null : el("p", { class: "preview" }, el("span", { class: "label" }, "Begins with"), el("code", {}, part.preview), R.characters(part.preview, part.size)),
        !stretch && parts.length ? (parts.length > 12 ? R.fold(R.count(parts.length, "section"), b => b.append(sectionTable(part, into)), { class: "sections" }) : sectionTable(part, into)) : null,
        R.fold("The cells as a table", b => b.append(cellTable(report, columns)), { bulky: true })]);
      if (focus) (view || overview).focus({ preventScroll: true });
    }

    function whole() {
      frame.hidden = true;
      crumbs.replaceChildren();
      closer.replaceChildren();
      fresh();
      if (only) zoom(0, null, false);
    }

    const pick = function (c) {
      const i = segments.indexOf(c.segment), s = sectionAt(c);
      zoom(i, only ? s : null, true);
    };
    const overview = strip(report, "The whole file", 0, end, columnsOf(report, 0, end), tell, pick);
    overview.append(frame);
    const holder = el("div", {}, R.heading(2, "Map"), el("p", { class: "note" }, "What each part of the file costs after compression. Dark is cheap, bright is dear."),
      legend(columnsOf(report, 0, end).some(c => !c.segment)), overview, axis(0, end), only ? null : lane("segments", 0, end, segments, (s, i) => "Segment " + R.num(i + 1), (s, i) => zoom(i, null, true)), readout, crumbs, closer,
      R.fold("Segments as a table", b => b.append(R.segmentTable(report, i => { zoom(i, null, true); R.jump(closer); })), { bulky: segments.length > 100 }),
      report.omitted && report.omitted.segments ? el("p", { class: "note" }, R.count(report.omitted.segments, "segment"), " are listed together with a neighbour.") : null);
    if (segments.length) whole();
    holder.show = function (s) { if (segments[s.segment]) zoom(s.segment, s, true); R.jump(holder); };
    return holder;
  };
})(ktzipReport);
