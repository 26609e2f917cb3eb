package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EventBatchTest {
  private final EventDraft draft = new EventDraft();
  private final EventBatch.Writer writer = new EventBatch.Writer(16);
  private final EventCursor cursor = new EventCursor();

  EventBatchTest() {
    draft.id.set("id-1");
    draft.source.set("/source");
    draft.type.set("a.type");
  }

  @Test
  void whatIsWrittenIsRead() {
    draft.subject.set("subject");
    draft.partitionKey.set("key");
    draft.attributes.set("{\"x\":1}");
    draft.data.set("{\"a\":\"ü\"}");
    draft.dataFormat = DataFormat.JSON;
    draft.timeMicros = -5;
    draft.receivedMicros = Long.MAX_VALUE;
    draft.sampledRate = 30;
    writer.add(draft);

    cursor.reset(writer.batch());
    assertTrue(cursor.next());
    assertEquals("id-1", text(cursor.idAt(), cursor.idLength()));
    assertEquals("/source", text(cursor.sourceAt(), cursor.sourceLength()));
    assertEquals("a.type", text(cursor.typeAt(), cursor.typeLength()));
    assertEquals("subject", text(cursor.subjectAt(), cursor.subjectLength()));
    assertEquals("key", text(cursor.partitionKeyAt(), cursor.partitionKeyLength()));
    assertEquals("{\"x\":1}", text(cursor.attributesAt(), cursor.attributesLength()));
    assertEquals("{\"a\":\"ü\"}", text(cursor.dataAt(), cursor.dataLength()));
    assertEquals(DataFormat.JSON, cursor.dataFormat());
    assertEquals(-5, cursor.timeMicros());
    assertEquals(Long.MAX_VALUE, cursor.receivedMicros());
    assertEquals(30, cursor.sampledRate());
    assertEquals(EventLayout.KIND_EVENT, cursor.kind());
    assertFalse(cursor.next());
  }

  @Test
  void absentIsNotEmpty() {
    writer.add(draft);
    draft.subject.set("");
    writer.add(draft);

    cursor.reset(writer.batch());
    assertTrue(cursor.next());
    assertFalse(cursor.hasSubject());
    assertFalse(cursor.hasPartitionKey());
    assertTrue(cursor.next());
    assertTrue(cursor.hasSubject());
    assertEquals(0, cursor.subjectLength());
  }

  @Test
  void theKeyIsThePartitionKeyThenTheSubjectThenIdAndSource() {
    writer.add(draft);
    draft.subject.set("subject");
    writer.add(draft);
    draft.partitionKey.set("key");
    writer.add(draft);

    cursor.reset(writer.batch());
    for (String key : new String[] {"id-1/source", "subject", "key"}) {
      assertTrue(cursor.next());
      byte[] bytes = key.getBytes(UTF_8);
      assertEquals(KeyHash.of(bytes, 0, bytes.length), cursor.keyHash());
    }
  }

  @Test
  void aDraftThatIsNoEventIsRefused() {
    draft.id.clear();
    assertThrows(IllegalArgumentException.class, () -> writer.add(draft));
    draft.id.set("x".repeat(EventLayout.MAX_ATTRIBUTE_BYTES + 1));
    assertThrows(IllegalArgumentException.class, () -> writer.add(draft));
    draft.id.set("x");
    draft.sampledRate = 0;
    assertThrows(IllegalArgumentException.class, () -> writer.add(draft));
    assertEquals(0, writer.count());
    assertEquals(0, writer.length());
  }

  @Test
  void everyTruncationAndEveryWrongLengthIsNoticed() {
    draft.data.set("data");
    draft.dataFormat = DataFormat.TEXT;
    writer.add(draft);
    EventBatch whole = writer.batch();
    for (int length = 1; length < whole.length(); length++) {
      cursor.reset(Arrays.copyOf(whole.bytes(), length), 0, length);
      assertThrows(CorruptRecordException.class, cursor::next);
    }
    int[] lengths = {
      EventLayout.LENGTH,
      EventLayout.ID_LENGTH,
      EventLayout.SOURCE_LENGTH,
      EventLayout.TYPE_LENGTH,
      EventLayout.ATTRIBUTES_LENGTH,
      EventLayout.DATA_LENGTH
    };
    for (int at : lengths) {
      byte[] bytes = Arrays.copyOf(whole.bytes(), whole.length());
      bytes[at]++;
      cursor.reset(bytes, 0, bytes.length);
      assertThrows(CorruptRecordException.class, cursor::next);
    }
  }

  @Test
  void theBufferGrowsAndKeepsWhatItHas() {
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 7);
    for (int i = 0; i < 20; i++) {
      draft.id.set("id-" + i);
      draft.data.set(large);
      draft.dataFormat = DataFormat.BINARY;
      writer.add(draft);
    }
    cursor.reset(writer.batch());
    for (int i = 0; i < 20; i++) {
      assertTrue(cursor.next());
      assertEquals("id-" + i, text(cursor.idAt(), cursor.idLength()));
      assertArrayEquals(
          large,
          Arrays.copyOfRange(
              cursor.bytes(), cursor.dataAt(), cursor.dataAt() + cursor.dataLength()));
    }
    assertFalse(cursor.next());
  }

  private String text(int at, int length) {
    return new String(cursor.bytes(), at, length, UTF_8);
  }
}
