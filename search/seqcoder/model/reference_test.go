package model

import "math"

// reference returns the logits (T, V) after each token of a text: the forward pass as it is
// defined, in float64.
func (w *Weights) reference(text []Token) [][]float64 {
	c := w.Width
	x := make([][]float64, len(text))
	for i, t := range text {
		x[i] = make([]float64, c)
		for k := range c {
			x[i][k] = float64(w.Token[int(t)*c+k]) + float64(w.Place[i*c+k])
			if i > 0 {
				x[i][k] += float64(w.Previous[int(text[i-1])*c+k])
			}
		}
	}
	for i := 0; i < len(text) && text[i] < firstNonByte; i++ {
		for d := 1; d <= min(w.Differences, i); d++ {
			for k := range c {
				x[i][k] += float64(w.Difference[(256*(d-1)+int(byte(text[i]-text[i-d])))*c+k])
			}
		}
	}
	for l := range w.Layer {
		b := &w.Layer[l]
		q := make([][]float64, len(text))
		for i := range x {
			q[i] = linear(normed(x[i], b.Norm1Gain, b.Norm1Bias), b.QKV, b.QKVBias)
		}
		for i := range x {
			y := attended(q[:i+1], c, w.Heads)
			for k, v := range linear(y, b.Out, b.OutBias) {
				x[i][k] += v
			}
		}
		for i := range x {
			up := linear(normed(x[i], b.Norm2Gain, b.Norm2Bias), b.Up, b.UpBias)
			for k, v := range up {
				up[k] = v * (1 + math.Erf(v/math.Sqrt2)) / 2
			}
			for k, v := range linear(up, b.Down, b.DownBias) {
				x[i][k] += v
			}
		}
	}
	logits := make([][]float64, len(text))
	for i := range x {
		logits[i] = linear(normed(x[i], w.NormGain, w.NormBias), w.Token, make([]float32, w.Vocabulary))
	}
	return logits
}

// attended returns the attention (C) of the last row of qkv (T, 3C) to all rows.
func attended(qkv [][]float64, c, heads int) []float64 {
	y, size, query := make([]float64, c), c/heads, qkv[len(qkv)-1]
	for h := 0; h < c; h += size {
		scores, largest, sum := make([]float64, len(qkv)), math.Inf(-1), 0.0
		for j, row := range qkv {
			for k := range size {
				scores[j] += query[h+k] * row[c+h+k]
			}
			scores[j] /= math.Sqrt(float64(size))
			largest = max(largest, scores[j])
		}
		for j := range scores {
			scores[j] = math.Exp(scores[j] - largest)
			sum += scores[j]
		}
		for j, row := range qkv {
			for k := range size {
				y[h+k] += scores[j] / sum * row[2*c+h+k]
			}
		}
	}
	return y
}

// linear returns the matrix (len(bias), len(x)) by x, plus bias.
func linear(x []float64, matrix, bias []float32) []float64 {
	y := make([]float64, len(bias))
	for n := range y {
		y[n] = float64(bias[n])
		for k, v := range x {
			y[n] += v * float64(matrix[n*len(x)+k])
		}
	}
	return y
}

// normed returns x shifted and scaled to mean 0 and variance 1, times gain plus bias.
func normed(x []float64, gain, bias []float32) []float64 {
	mean, variance := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	y := make([]float64, len(x))
	for k, v := range x {
		y[k] = (v-mean)/math.Sqrt(variance+normEpsilon)*float64(gain[k]) + float64(bias[k])
	}
	return y
}
