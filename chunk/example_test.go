package chunk_test

import (
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
)

// A stream goes through every part of the package: it is cut, and each chunk named, compressed, sealed and read back.
func Example() {
	splitter, err := chunk.DefaultParams().Splitter([]byte("the store's secret"))
	if err != nil {
		log.Fatal(err)
	}
	codec, err := chunk.NewCodec(chunk.CodecOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer codec.Close()
	namer := chunk.NewNamer([]byte("the store's ID key"))
	sealer := chunk.NewSealer(chunk.NewKey())

	stream := strings.NewReader(strings.Repeat("all work and no play\n", 1000))
	nonce := uint32(0)
	for data, err := range chunk.Split(stream, splitter) {
		if err != nil {
			log.Fatal(err)
		}
		id := namer.Name(data)

		frame, compression := codec.Compress(nil, data)
		if compression == chunk.Stored {
			frame = data
		}
		sealed := sealer.Seal(nil, frame, nonce, id[:])

		opened, err := sealer.Open(nil, sealed, nonce, id[:])
		if err != nil {
			log.Fatal(err)
		}
		back, err := codec.Decompress(nil, opened, len(data))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(back), "bytes came back, compressed:", compression == chunk.Zstd, "same:", namer.Name(back) == id)
		nonce++
	}
	// Output:
	// 21000 bytes came back, compressed: true same: true
}

func ExampleParams_Splitter() {
	params := chunk.Params{Algorithm: chunk.Fixed, Min: 4096, Average: 4096, Max: 4096}
	splitter, err := params.Splitter(nil)
	if err != nil {
		log.Fatal(err)
	}
	for data := make([]byte, 10000); len(data) > 0; {
		n := splitter.Cut(data)
		fmt.Println(n)
		data = data[n:]
	}
	// Output:
	// 4096
	// 4096
	// 1808
}

func ExampleParams_Validate() {
	params := chunk.Params{Algorithm: chunk.Rabin, Min: 1000, Average: 3000, Max: 9000}
	fmt.Println(params.Validate())
	// Output:
	// chunk parameters "rabin" 1000/3000/9000: average is not a power of two
}

func ExampleSplit() {
	splitter, err := chunk.Params{Algorithm: chunk.Fixed, Min: 64, Average: 64, Max: 64}.Splitter(nil)
	if err != nil {
		log.Fatal(err)
	}
	for data, err := range chunk.Split(strings.NewReader(strings.Repeat("x", 150)), splitter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(data))
	}
	// Output:
	// 64
	// 64
	// 22
}

func ExampleParseID() {
	_, err := chunk.ParseID("deadbeef")
	fmt.Println(err)
	id, err := chunk.ParseID("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
	fmt.Println(id == chunk.NewNamer(nil).Name([]byte("abc")), err)
	// Output:
	// parse chunk ID "deadbeef": it is 8 bytes long, want 64
	// true <nil>
}

func ExampleNamer_NameAll() {
	chunks := [][]byte{[]byte("one"), []byte("two"), []byte("one")}
	ids := make([]chunk.ID, len(chunks))
	chunk.NewNamer(nil).NameAll(ids, chunks)
	fmt.Println(ids[0] == ids[1], ids[0] == ids[2])
	// Output:
	// false true
}

func ExampleCodec_Compress() {
	codec, err := chunk.NewCodec(chunk.CodecOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer codec.Close()
	for _, data := range [][]byte{randomBytes(1, 100_000), make([]byte, 100_000)} {
		frame, compression := codec.Compress(nil, data)
		fmt.Println(compression == chunk.Stored, len(frame) < 100)
	}
	// Output:
	// true true
	// false true
}

func ExampleSealer() {
	sealer := chunk.NewSealer(chunk.NewKey())
	sealed := sealer.Seal(nil, []byte("frame"), 1, []byte("pack 7"))

	plain, err := sealer.Open(nil, sealed, 1, []byte("pack 7"))
	fmt.Println(string(plain), err)
	_, err = sealer.Open(nil, sealed, 1, []byte("pack 8"))
	fmt.Println(errors.Is(err, chunk.ErrAuth))
	// Output:
	// frame <nil>
	// true
}
