#!/bin/sh
# Trains, measures and exports one backbone: all.sh BACKBONE BACKBONES DATA OUT [ROUNDS]
# BACKBONES holds a folder a backbone (minilm, mpnet) with model.safetensors, config.json and tokenizer.json.
# Run again after a stop, it goes on where it was: a finished stage is not trained again.
# Science is learnt in rounds (2 unless said): each has a seed of its own, so other sentences, negatives and opposites are drawn.
set -eu
backbone=$1 backbones=$2 data=$3 out=$4
weights=$backbones/${backbone%%[0-9]*}
run() { nice -n 10 python -P -m consilience.training.cross_encoder --backbone "$backbone" --weights "$weights" \
  --data "$data" --out "$out" "$@"; }

run --stage nli
last=$out/nli-$backbone
for round in $(seq "${5:-2}"); do
  run --stage science --start "$last/final.pt" --seed $((round - 1)) --name "science$round-$backbone"
  last=$out/science$round-$backbone
done
nice -n 10 python -P -m consilience.training.cross_encoder.export "$last" "$out/export-$backbone" \
  --weights "$backbones" --data "$data" --cache "$out/figures/cache"
nice -n 10 python -P -m consilience.training.cross_encoder.evaluate "$out/export-$backbone" --shipped \
  --weights "$backbones" --data "$data" --out "$out/figures"
