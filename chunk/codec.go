package chunk

import (
	"fmt"
	"runtime"

	"github.com/klauspost/compress/zstd"
)

// CodecOptions configure a [Codec]. The zero value is usable.
type CodecOptions struct {
	Level       Level
	Concurrency int // calls of Compress, and of Decompress, that run at once; more wait. 0 means GOMAXPROCS
	MaxSize     int // most bytes that Decompress produces in one call; 0 means 16 MiB
}

func (o CodecOptions) withDefaults() CodecOptions {
	if o.Concurrency == 0 {
		o.Concurrency = runtime.GOMAXPROCS(0)
	}
	if o.MaxSize == 0 {
		o.MaxSize = 16 << 20
	}
	return o
}

func (o CodecOptions) validate() error {
	switch {
	case o.Level < Fastest || o.Level > Smaller:
		return fmt.Errorf("unknown level %d", o.Level)
	case o.Concurrency < 0:
		return fmt.Errorf("concurrency is %d", o.Concurrency)
	case o.MaxSize < 0:
		return fmt.Errorf("maximum size is %d bytes", o.MaxSize)
	}
	return nil
}

// Codec compresses and decompresses frames: see [Codec.Compress] and [Codec.Decompress]. It is safe for concurrent use
// and meant to be shared, for at the default level each concurrent call costs about 2 MiB that the codec keeps.
type Codec struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
	maxSize int
}

// NewCodec returns a Codec, or an error that says which option is out of range.
func NewCodec(o CodecOptions) (*Codec, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("new codec: %w", err)
	}
	encoder, err := newEncoder(o)
	if err != nil {
		return nil, fmt.Errorf("new codec: encoder: %w", err)
	}
	decoder, err := newDecoder(o)
	if err != nil {
		return nil, fmt.Errorf("new codec: decoder: %w", err)
	}
	return &Codec{encoder: encoder, decoder: decoder, maxSize: o.MaxSize}, nil
}

// encoderWindow is how far back a match can lie. Frames are about 1 MiB, so more would only cost memory.
const encoderWindow = 1 << 20

func newEncoder(o CodecOptions) (*zstd.Encoder, error) {
	levels := map[Level]zstd.EncoderLevel{
		Fastest:  zstd.SpeedFastest,
		Balanced: zstd.SpeedDefault,
		Smaller:  zstd.SpeedBetterCompression,
	}
	return zstd.NewWriter(nil,
		zstd.WithEncoderLevel(levels[o.Level]),
		zstd.WithEncoderConcurrency(o.Concurrency),
		zstd.WithWindowSize(encoderWindow),
		zstd.WithLowerEncoderMem(true), // two thirds of the memory at the same speed
		zstd.WithEncoderCRC(false),     // stores have checksums of their own
		// Entropy-code data without repeats too (base64, samples): what is truly random never gets here.
		zstd.WithAllLitEntropyCompression(true),
	)
}

func newDecoder(o CodecOptions) (*zstd.Decoder, error) {
	return zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(o.Concurrency),
		zstd.WithDecoderMaxMemory(decoderMemory(o.MaxSize)),
		zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderLowmem(true),
	)
}

// decoderMemory is the limit on a frame's content and on the window it asks for. The window of an honest frame can
// exceed its content: encoders round it up.
func decoderMemory(maxSize int) uint64 { return uint64(max(maxSize, encoderWindow)) }

// Close frees what the codec holds. No other call may be running, and none may follow.
func (c *Codec) Close() {
	c.encoder.Close() // has written no stream that could fail to end
	c.decoder.Close()
}
