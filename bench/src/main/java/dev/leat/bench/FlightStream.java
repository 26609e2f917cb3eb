package dev.leat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The flights of a Parquet file, each once, rendered before anything is measured. Immutable. */
final class FlightStream implements EventStream {
  private static final String EVENTS =
      """
      SELECT printf('{"specversion":"1.0","id":"bts-%d","source":"/bts","type":"flight.departed","time":"%sZ",'
          || '"data":{"date":"%s","delay":%s,"distance":%d,"origin":"%s","destination":"%s"}}',
        row_number() OVER () - 1, strftime(date, '%Y-%m-%dT%H:%M:%S'), strftime(date, '%Y-%m-%dT%H:%M:%S'),
        coalesce(delay::BIGINT::VARCHAR, 'null'), distance::BIGINT, origin, destination)
      FROM read_parquet(?)
      """;

  private final int batch;
  private final List<byte[]> requests = new ArrayList<>();
  private long bytes;

  private FlightStream(int batch) {
    this.batch = batch;
  }

  static FlightStream read(Path parquet, int batch) throws IOException {
    FlightStream stream = new FlightStream(batch);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        PreparedStatement ask = duck.prepareStatement(EVENTS)) {
      ask.setString(1, parquet.toString());
      StringBuilder request = new StringBuilder();
      int events = 0;
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          request.append(rows.getString(1)).append('\n');
          if (++events == batch) {
            stream.add(request);
            events = 0;
          }
        }
      }
      // What does not fill a request is left out: every request has as many events.
    } catch (SQLException unreadable) {
      throw new IOException("can't read " + parquet, unreadable);
    }
    return stream;
  }

  private void add(StringBuilder request) {
    byte[] body = request.toString().getBytes(US_ASCII);
    requests.add(body);
    bytes += body.length;
    request.setLength(0);
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Chunk chunk() {
    int longest = requests.stream().mapToInt(request -> request.length).max().orElse(0);
    return new Chunk(batch, longest / batch + 1);
  }

  @Override
  public boolean write(long request, Chunk into) {
    if (request >= requests.size()) {
      return false;
    }
    byte[] body = requests.get((int) request);
    System.arraycopy(body, 0, into.bytes, 0, body.length);
    into.length = body.length;
    return true;
  }

  @Override
  public boolean isFinite() {
    return true;
  }

  @Override
  public double eventBytes() {
    return (double) bytes / requests.size() / batch;
  }
}
