package dev.videoid
public fun probe(): Int = 1
