//go:build ktzip_nopredictors

package codec

import (
	"context"
	"math"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// hasPredictors says that this program was built without predictors.
const hasPredictors = false

// A predicting stands for one that codes groups by predictors.
type predicting struct{ costs []uint16 }

func (*predicting) decode(_, _ []byte, _ *dsl.Program, _ int64) error { return container.ErrPredictors }

func (*predicting) encode(_ context.Context, _ []byte, _ *dsl.Program) ([]byte, *dsl.Program, error) {
	return nil, nil, container.ErrPredictors
}

func costOf(*dsl.Program, int) (predictorCost, error) {
	return predictorCost{memory: math.MaxInt64}, container.ErrPredictors
}
