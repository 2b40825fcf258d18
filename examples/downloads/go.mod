// A module of its own: it embeds package task and nothing else of heirloom.
module example.org/downloads

go 1.26.0

require (
	github.com/heirloom-backup/heirloom v0.0.0
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/heirloom-backup/heirloom => ../..
