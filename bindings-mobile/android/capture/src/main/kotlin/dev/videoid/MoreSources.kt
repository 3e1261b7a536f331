package dev.videoid

/** What [Source.of] takes besides: nothing here. The package for backends has streams, which are read while they are sent. */
public abstract class MoreSources internal constructor()
