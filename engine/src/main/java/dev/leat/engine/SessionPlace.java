package dev.leat.engine;

/** A series and a stretch of time whose sessions are to be computed anew; both ends included. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SessionPlace(byte[] series, long first, long last) {}
