// What is known of a segment by its plan: its words, the graph, streams and predictors, records, text; and the
// blocks that programs make.
(function (R) {
  const el = R.el;
  const firstPrograms = 40; // that are shown at once
  const usualWidth = 1040; // pixels, of a report that is not shown yet
  const narrowWidth = 800; // pixels, of a record whose types have room; a letter takes 7
  const printedDetails = 12; // that open on paper; with more, none is drawn before it is seen

  function groups(detail) {
    const streams = [];
    R.streamsOf(detail).forEach((s, i) => s && streams.push([i, s]));
    const most = Math.max(...streams.map(([, s]) => s.bits), 1);
    const named = streams.some(([, s]) => s.words);
    const by = s => s.group.predictor && s.group.predictor.length ? "a predictor" : "deflate";
    const out = streams.length ? [R.table("Streams of the plan", [
      { title: "Stream", cell: ([i]) => String(i) }, named && { title: "Left of", cell: ([, s]) => R.words(s.words) || "\u2013" }, { title: "Bytes", number: true, cell: ([, s]) => R.num(s.bytes) },
      { title: "Coded, bytes", number: true, cell: ([, s]) => R.num(s.bits / 8) }, { title: "", class: "wide", cell: ([, s]) => R.bar(s.bits / most) },
      { title: "Bits a byte", number: true, cell: ([, s]) => R.rate(s.bits, s.bytes) }, { title: "Coded by", cell: ([, s]) => by(s) }].filter(Boolean), streams, true)] : [];
    for (const g of (detail.groups || []).filter(g => g.predictor && g.predictor.length)) {
      const n = (g.streams || []).length, worth = Math.max(...g.predictor.map(c => c.worth), 1);
      const name = "Predictor of stream" + (n > 1 ? "s " + g.first + " to " + (g.first + n - 1) : " " + g.first);
      out.push(R.table(name + ", " + R.bytes(g.raw_bytes) + " coded", [
        { title: "Component", cell: c => c.words || c.line }, { title: "Grows without it by", number: true, cell: c => c.worth ? R.dec(c.worth / 10, 1) + " %" : "\u2013" },
        { title: "", class: "wide", cell: c => R.bar(c.worth / worth) }, { title: "Line", class: "mono", cell: c => c.line }], g.predictor));
    }
    return out;
  }

  // layout draws the fields of a record side by side, coloured by what they cost; not those that have no place.
  function layout(kind) {
    const fields = (kind.fields || []).filter(f => f.offset >= 0), width = fields.reduce((n, f) => Math.max(n, f.offset + f.width), 0) || 1;
    return el("div", { class: "layout", role: "img", "aria-label": "The fields of a record side by side, coloured by their bits a byte; the table below has the numbers" }, fields.map(function (f) {
      const rate = kind.records && f.width ? f.bits / kind.records / f.width : 0;
      return el("span", { title: f.offset + ": " + f.type + ", " + R.dec(rate, 2) + " bits a byte",
        css: { left: 100 * f.offset / width + "%", width: 100 * f.width / width + "%", background: R.colour(rate), color: R.inkOn(rate) } },
        f.width / width * narrowWidth > 7 * f.type.length + 8 ? f.type : "");
    }));
  }

  function fieldTable(kind) {
    const each = f => kind.records ? f.bits / kind.records : 0;
    const most = Math.max(...(kind.fields || []).map(each), 1e-9);
    return R.table("Fields of " + kind.name, [
      { title: "Offset", number: true, cell: f => f.offset < 0 ? "\u2013" : String(f.offset) }, { title: "Bytes", number: true, cell: f => String(f.width) },
      { title: "Type", class: "mono", cell: f => f.type }, { title: "Predicted from", cell: f => f.predictor || "nothing" },
      { title: "Bits each", number: true, cell: f => R.dec(each(f), 2) }, { title: "", class: "wide", cell: f => R.bar(each(f) / most) },
      { title: "Some values", class: "mono samples", cell: f => (f.reading ? "as " + f.reading + ": " : "") + (f.samples || []).join("  ") }], kind.fields || [], true);
  }

  // example shows the first bytes of a record.
  function example(k) {
    return k.example ? el("p", { class: "preview" }, el("span", { class: "label" }, "A record begins with"), el("code", {}, k.example), R.characters(k.example, k.bytes)) : null;
  }

  function table(t) {
    const kinds = t.kinds || [], total = kinds.reduce((n, k) => n + k.bits, 0) || 1;
    const most = Math.max(...kinds.map(k => k.bits), 1);
    const costly = kinds.reduce((b, k, i) => k.bits > kinds[b].bits ? i : b, 0);
    const folds = kinds.map((k, i) => (k.fields || []).length ? R.fold([el("strong", {}, k.name), " ", el("small", {}, R.count(k.fields.length, "field") + ", " + R.count(k.records, "record") + ", " + R.percent(k.bits / total) + " of the cost")],
      b => R.add(b, [example(k), layout(k), fieldTable(k)]), { open: i === costly, class: "kind" }) : null);
    const go = i => folds[i] ? R.link(() => { folds[i].unfold(); R.jump(folds[i]); }, kinds[i].name) : kinds[i].name;
    return el("section", { class: "part records" }, R.heading(3, "Records"), el("p", {}, t.words ? R.words(t.words) + ". " : "", R.count(t.records, "record"), ", ", R.bytes(t.size), "."),
      el("p", { class: "note" }, "Of types, int24 is a number of 24 bits, uint24 one without a sign; be says that its high byte comes first. Other bytes and constants are hexadecimal digits."),
      kinds.length > 1 ? R.table("Kinds of records", [
        { title: "Kind", cell: (k, i) => go(i) }, { title: "Records", number: true, cell: k => R.num(k.records) },
        { title: "Bytes each", number: true, cell: k => (k.bytes % 1 ? "mean " : "") + R.dec(k.bytes, k.bytes % 1 ? 1 : 0) },
        { title: "Bits each", number: true, cell: k => k.records ? R.dec(k.bits / k.records, 1) : "\u2013" },
        { title: "Coded, bytes", number: true, cell: k => R.num(k.bits / 8) }, { title: "", class: "wide", cell: k => R.bar(k.bits / most) },
        { title: "Bits a byte", number: true, cell: k => R.rate(k.bits, k.bytes * k.records) }], kinds, true) : null, folds);
  }

  // records is a table, in a fold if it has one field alone.
  function records(t) {
    const kinds = t.kinds || [];
    if (kinds.length > 1 || kinds.length && (kinds[0].fields || []).length > 1) return table(t);
    return R.fold([el("strong", {}, R.words(t.words) || "Records"), " ", el("small", {}, R.count(t.records, "record") + ", " + R.bytes(t.size))], b => b.append(table(t)), { class: "plain" });
  }

  // slotted highlights the slots in the text of a template.
  function slotted(t) {
    const out = [];
    let at = 0;
    (t.slots || []).forEach(function (s, i) {
      const found = s.text ? t.text.indexOf(s.text, at) : -1;
      if (found < 0) return;
      out.push(t.text.slice(at, found), el("mark", { title: s.text + ": " + s.words }, (s.samples || [])[0] || s.text, el("sub", {}, String(i + 1))));
      at = found + s.text.length;
    });
    out.push(t.text.slice(at));
    return el("pre", { class: "template" }, out);
  }

  // template shows what one prints: an example with its slots marked, and what each slot costs.
  function template(t, total) {
    const slots = t.slots || [], most = Math.max(...slots.map(s => s.bits), 1);
    const named = slots.some(s => s.name);
    return el("div", { class: "template-box" }, slotted(t),
      el("p", { class: "note" }, t.set > 1 ? "Part of " + R.count(t.rows, "row") + " (set " + t.set + ")" : R.count(t.rows, "row"), t.set === 1 && t.bits > 0 && total > 0 ? ", " + R.percent(t.bits / total) + " of the cost of the text" : "", "."),
      slots.length ? R.fold(R.count(slots.length, "slot"), b => b.append(R.table("Slots", [
        { title: "Slot", number: true, cell: (s, i) => String(i + 1) }, named && { title: "Name", class: "nowrap", cell: s => s.name || "\u2013" }, { title: "Prints", cell: s => s.words },
        { title: "Bits each", number: true, cell: s => (s.bits || total > 0) && t.rows ? R.dec(s.bits / t.rows, 2) : "unknown" }, { title: "", class: "wide", cell: s => R.bar(s.bits / most) },
        { title: "Some values", class: "mono samples", cell: s => (s.samples || []).join("  ") }, { title: "Code", class: "mono", cell: s => s.text }].filter(Boolean), slots, true)), { open: slots.length < 9 }) : null);
  }

  function text(t) {
    const templates = t.templates || [], total = templates.reduce((n, x) => n + (x.set === 1 ? x.bits || 0 : 0), 0);
    return el("section", { class: "part rows" }, R.heading(3, "Text"), el("p", {}, t.words ? R.words(t.words) + ". " : "", R.count(t.total, "template"),
      t.total > templates.length ? "; the " + R.num(templates.length) + " that print most:" : ":"),
      el("p", { class: "note" }, "Each shows one row that it prints; what differs from row to row is marked."), templates.map(x => template(x, total)));
  }

  function body(report, detail, family, room) {
    const users = report.segments.filter(s => report.details[s.detail] === detail);
    const coded = users.length ? users[0].coded : 0;
    return [(detail.words || []).length ? el("ul", { class: "says" }, detail.words.map(w => el("li", {}, R.words(w)))) : null,
      (detail.nodes || []).length ? [R.heading(3, "Plan"), el("p", { class: "note" }, "A box is a step, with the bytes of what it makes, what deflate alone makes of these, and by how much the segment grows without the step; of a step that joins or cuts lists, also without what makes these."), R.graph(detail, coded, family, room)] : null,
      detail.text ? R.fold("The plan as a program", b => b.append(el("pre", { class: "program" }, R.clean(detail.text)))) : null,
      (detail.groups || []).length ? el("section", { class: "part streams" }, R.heading(3, "Streams"), groups(detail)) : null,
      (detail.signals || []).map(R.signal), (detail.images || []).map(R.image), (detail.tables || []).map(records), (detail.texts || []).map(text)];
  }

  // details returns the parts of all segments with a plan, with show(i) that opens one.
  R.details = function (report, family) {
    const box = el("div", {}, R.heading(2, "How it is made"),
      el("p", { class: "note" }, "A plan is a program that makes a segment of its streams. What the plan cannot predict is left in the streams."));
    const folds = report.details.map(function (d, i) {
      const users = report.segments.map((s, k) => s.detail === i ? k : -1).filter(k => k >= 0);
      const first = report.segments[users[0]];
      const title = users.length > 1 ? R.count(users.length, "segment") + " from offset " + R.num(first.offset) :
        first ? "Segment " + R.num(users[0] + 1) + ": " + R.bytes(first.size) + " in " + R.num(first.coded) : "Segment";
      const fold = R.fold([el("strong", {}, title), " ", el("small", {}, first && first.plan ? first.plan.replace(/\+/g, " + ") : "without a plan")],
        b => R.add(b, body(report, d, family, box.clientWidth || usualWidth)), { class: "detail", bulky: i >= printedDetails });
      box.append(fold);
      return fold;
    });
    if (report.omitted && report.omitted.details) box.append(el("p", { class: "note" }, "The plans of ", R.count(report.omitted.details, "more segment"), " are left out."));
    // begin opens the first part once the box is in the document: the width of the graph depends on that.
    box.begin = () => folds.length > printedDetails ? R.lazy(box, 300, () => folds[0].unfold()) : folds.length && folds[0].unfold();
    box.show = i => { if (folds[i]) { folds[i].unfold(); R.jump(folds[i]); } };
    return box;
  };

  // programs lists blocks with their programs, some at first.
  R.programs = function (report) {
    const list = el("ol", { class: "blocks" }), items = [], all = report.programs;
    const refer = i => el("li", {}, R.link(() => { upTo(i + 1); R.jump(items[i]); }, "block " + R.num(i + 1)));
    const upTo = function (n) {
      while (items.length < Math.min(n, all.length)) {
        const i = items.length, p = all[i];
        const item = el("li", { class: "block" }, el("p", { class: "block-head" }, el("strong", {}, "Block " + R.num(i + 1)),
          el("span", {}, "segment " + R.num(p.segment + 1) + ", stream " + p.stream + ", offset " + R.num(p.offset)),
          el("span", {}, R.bytes(p.length) + " in " + R.dec(p.bits, 1) + " bits"), R.bar(p.bits / 8 / Math.max(1, p.length))),
          el("pre", { class: "program" }, p.text),
          (p.refers || []).length ? el("div", { class: "refers" }, "Uses lists of ", el("ul", {}, p.refers.filter(r => all[r]).map(refer))) : null);
        items.push(item);
        list.append(item);
      }
      more.hidden = items.length >= all.length;
    };
    const more = el("button", { type: "button", class: "more", onclick: function () { const n = items.length; upTo(n + 200); if (items[n]) R.jump(items[n]); } }, "Show more blocks");
    upTo(firstPrograms);
    return [R.heading(2, "Blocks that programs make"),
      el("p", { class: "note" }, R.count(all.length, "block"), report.omitted && report.omitted.programs ? "; " + R.num(report.omitted.programs) + " more are left out" : "", ". The bar shows a program's size as a share of its block's."), list, more];
  };
})(ktzipReport);
