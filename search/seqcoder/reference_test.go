package seqcoder

import "math"

// reference is the slow forward pass: the logits (T, V) of a text, in float64, from the
// definition.
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
	for i := 0; i < len(text) && text[i] < 256; i++ {
		for d := 1; d <= min(w.Differences, i); d++ {
			for k := range c {
				x[i][k] += float64(w.Difference[(256*(d-1)+int(byte(text[i]-text[i-d])))*c+k])
			}
		}
	}
	for l := range w.Blocks {
		b := &w.Blocks[l]
		q := make([][]float64, len(text))
		for i := range x {
			q[i] = linear(normed(x[i], b.Norm1Gain, b.Norm1Bias), b.QKV, b.QKVBias)
		}
		size := c / w.Heads
		for i := range x {
			y := make([]float64, c)
			for h := range w.Heads {
				scores, most, sum := make([]float64, i+1), math.Inf(-1), 0.0
				for j := range scores {
					for k := range size {
						scores[j] += q[i][h*size+k] * q[j][c+h*size+k]
					}
					scores[j] /= math.Sqrt(float64(size))
					most = max(most, scores[j])
				}
				for j := range scores {
					scores[j] = math.Exp(scores[j] - most)
					sum += scores[j]
				}
				for j := range scores {
					for k := range size {
						y[h*size+k] += scores[j] / sum * q[j][2*c+h*size+k]
					}
				}
			}
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

// linear is the matrix (len(bias), len(x)) by x, and bias.
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

// normed is x with mean 0 and variance 1, by gain, and bias.
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
		y[k] = (v-mean)/math.Sqrt(variance+1e-5)*float64(gain[k]) + float64(bias[k])
	}
	return y
}
