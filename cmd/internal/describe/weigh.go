package describe

import "strconv"

// Weights are about how many bytes of JSON things take at most, so that a Report stays small. Each has what
// its keys and numbers take; texts are added.
const (
	headerWeight   = 180
	stretchWeight  = 120
	programWeight  = 160
	detailWeight   = 200
	nodeWeight     = 160
	groupWeight    = 80
	streamWeight   = 60
	lineWeight     = 60
	tableWeight    = 100
	kindWeight     = 100
	fieldWeight    = 100
	signalWeight   = 120
	channelWeight  = 50
	imageWeight    = 160
	templateWeight = 80
	slotWeight     = 60
	textWeight     = 8 // of a text in a list
	numberWeight   = 4 // of the number of a stream
)

// weight returns how many bytes text takes in JSON, at most.
func weight(text string) (n int) {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c == '<', c == '>', c == '&', c >= 0x7f:
			n += 6
		case c == '"', c == '\\':
			n += 2
		default:
			n++
		}
	}
	return n
}

func weightOf(texts []string) (n int) {
	for _, text := range texts {
		n += textWeight + weight(text)
	}
	return n
}

func weightOfNumbers(list []float64) (n int) {
	var digits [32]byte
	for _, v := range list {
		n += 1 + len(strconv.AppendFloat(digits[:0], v, 'f', -1, 64)) // the shorter form of the longest is not counted on
	}
	return n
}

// weigh returns how many bytes of JSON d takes, about.
func (d *Detail) weigh() int {
	n := detailWeight + weightOf(d.Words) + weight(d.Text)
	for i := range d.Nodes {
		n += nodeWeight + weight(d.Nodes[i].Line) + weight(d.Nodes[i].Words)
	}
	for _, g := range d.Groups {
		n += groupWeight + streamWeight*len(g.Streams)
		for _, s := range g.Streams {
			n += weight(s.Words)
		}
		for _, c := range g.Predictor {
			n += lineWeight + weight(c.Line) + weight(c.Words)
		}
	}
	for _, t := range d.Tables {
		n += t.weigh()
	}
	for _, s := range d.Signals {
		n += signalWeight + weight(s.Words) + weight(s.Type)
		for _, c := range s.Channels {
			n += channelWeight + weight(c.Name) + weightOfNumbers(c.Values) + weightOfNumbers(c.Rest)
		}
	}
	for _, i := range d.Images {
		n += imageWeight + weight(i.Words) + (len(i.Pixels)+len(i.Rest)+5)*4/3
	}
	for _, t := range d.Texts {
		n += t.weigh()
	}
	return n
}

func (t *Table) weigh() int {
	n := tableWeight + weight(t.Words)
	for _, k := range t.Kinds {
		n += kindWeight + weight(k.Name) + weight(k.Example)
		for _, f := range k.Fields {
			n += fieldWeight + weight(f.Type) + weight(f.Predictor) + weight(f.Reading) + weightOf(f.Samples)
		}
	}
	return n
}

func (t *TextTable) weigh() int {
	n := tableWeight + weight(t.Words)
	for _, t := range t.Templates {
		n += templateWeight + weight(t.Text)
		for _, s := range t.Slots {
			n += slotWeight + weight(s.Text) + weight(s.Name) + weight(s.Words) + weightOf(s.Samples)
		}
	}
	return n
}
