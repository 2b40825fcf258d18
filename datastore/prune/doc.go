// Package prune decides which snapshots of a store go under a retention policy, says why, and removes them.
//
//	plan, err := prune.Make(ctx, store, prune.Options{Policy: policy, Zone: time.Local})
//	…                                // print it, keep it as JSON, ask somebody
//	freed, err := plan.Foresee(ctx, store)
//	result, err := plan.Apply(ctx, store, prune.ApplyOptions{MaxRemove: 30})
//
// Snapshots compete within their series alone: those of one group that one job made. A daily and a weekly job on the
// same workload never prune each other. How a policy decides is told by package retention; to it this package adds what
// a store knows: holds, results of verifications, and which snapshots were never finished.
//
// A plan is consent, no more: [Plan.Apply] makes it anew, and goes ahead only if the store is as it was and the policy
// still says the same. A plan file from yesterday, or one that somebody edited, removes nothing.
//
// What is removed can be brought back with [datastore.Store.Undelete] until a collection frees its space.
package prune
