// Package conventions holds no code. Its tests check what no single package can: the imports each package refuses, that
// every exported name is documented, and that README and docs speak of what is there.
package conventions
