// Package benchdata makes data for benchmarks: text that compresses like source code, images that look like a disk's,
// bytes that do not compress, and trees of small files. What it makes depends on size and seed alone, on every machine,
// so that figures can be compared over years.
//
// The benchmarks are in the packages they measure. stages.sh, here, runs all of them at two revisions and compares.
package benchdata
