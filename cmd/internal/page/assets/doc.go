// Package assets has the script and the style sheet that draw a describe.Report in a browser. The page that
// ktzip writes and the decoder in a browser share them.
//
// The script makes elements and texts by calls: nothing that stems from a file becomes markup.
package assets
