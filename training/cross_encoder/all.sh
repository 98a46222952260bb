#!/bin/sh
# Trains, measures and exports one backbone: all.sh BACKBONE BACKBONES DATA OUT
# BACKBONES holds a folder a backbone (minilm, mpnet) with model.safetensors, config.json and tokenizer.json.
# Run again after a stop, it goes on where it was: a finished stage is not trained again.
set -eu
backbone=$1 backbones=$2 data=$3 out=$4
weights=$backbones/${backbone%%[0-9]*}
run() { nice -n 10 python -P -m consilience.training.cross_encoder --backbone "$backbone" --weights "$weights" \
  --data "$data" --out "$out" "$@"; }

run --stage nli
run --stage science --start "$out/nli-$backbone/final.pt"
nice -n 10 python -P -m consilience.training.cross_encoder.evaluate "$out/science-$backbone" \
  --weights "$backbones" --data "$data" --out "$out/figures"
nice -n 10 python -P -m consilience.training.cross_encoder.export "$out/science-$backbone" "$out/export-$backbone" \
  --weights "$backbones" --data "$data" --cache "$out/figures/cache"
