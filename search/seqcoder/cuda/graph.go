package cuda

import "errors"

// maxGraphs is the number of shapes that have a graph, at most: gridSize makes 47 of the passes
// of up to 16,384 texts with a row each; the passes that read texts take what is left. A graph of 52 launches takes some 100 KB of the driver's memory (an estimate).
const maxGraphs = 96

// A graphState is what an engine knows of a shape's graph.
type graphState struct{ executable handle } // 0 after the first pass of the shape

// launches queues the launches of a pass, which forward queues one by one. The second pass of a
// shape records them as a CUDA graph, which stands for them from then on: one call instead of
// dozens. The first one has made the driver load their kernels. A graph's launches have the parameters that were recorded: addresses of weights, of
// activations and of e.batch, and sizes of the shape. Counts, pages and all else that differs
// between passes of a shape is in the batch, which Run copies to e.batch before, in the same
// stream. If the driver has no graphs, or fails to record one, passes are queued launch by launch.
func (e *Engine) launches(forward func() error) error {
	g, known := e.graphs[e.shape]
	switch {
	case known && g.executable != 0:
		return e.dev.launchGraph(g.executable)
	case !e.dev.driver.hasGraphs || e.noGraphs || !known && len(e.graphs) >= maxGraphs:
		return forward()
	case !known:
		e.graphs[e.shape] = graphState{}
		return forward()
	}
	executable, err := e.dev.record(forward)
	if err != nil {
		e.noGraphs = true
		return forward()
	}
	e.graphs[e.shape] = graphState{executable}
	return e.dev.launchGraph(executable)
}

// dropGraphs destroys all graphs.
func (e *Engine) dropGraphs() error {
	return e.dev.do(func(*Driver) error {
		var all []error
		for _, g := range e.graphs {
			if g.executable != 0 {
				all = append(all, e.dev.dropGraph(g.executable))
			}
		}
		clear(e.graphs)
		return errors.Join(all...)
	})
}

// record returns the launches that f queues as a graph, which must be dropped; the device does
// not do them. Only a function that run calls may call it, and launchGraph.
func (dev *Device) record(f func() error) (executable handle, err error) {
	d := dev.driver
	if err := d.check("cuStreamBeginCapture", d.streamBeginCapture(dev.stream, captureThread)); err != nil {
		return 0, err
	}
	err = f()
	var graph handle
	end := d.check("cuStreamEndCapture", d.streamEndCapture(dev.stream, &graph)) // after an error too
	if err == nil {
		err = end
	}
	if err == nil {
		err = d.check("cuGraphInstantiateWithFlags", d.graphInstantiate(&executable, graph, 0))
	}
	if graph != 0 {
		drop := d.check("cuGraphDestroy", d.graphDestroy(graph))
		if err == nil && drop != nil {
			dev.dropGraph(executable)
			err = drop
		}
	}
	return executable, err
}

// launchGraph queues the launches of a graph.
func (dev *Device) launchGraph(executable handle) error {
	return dev.driver.check("cuGraphLaunch", dev.driver.graphLaunch(executable, dev.stream))
}

// dropGraph releases a graph. The driver keeps what it needs until its launches have ended.
func (dev *Device) dropGraph(executable handle) error {
	return dev.driver.check("cuGraphExecDestroy", dev.driver.graphExecDestroy(executable))
}
