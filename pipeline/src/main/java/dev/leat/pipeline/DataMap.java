package dev.leat.pipeline;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as CEL sees it: a map whose members keep the order they were sent in. Never changed
 * once it was handed to the library.
 *
 * <p>It is a {@link CelValue} because the library walks through every other map, with all that is
 * in it, each time an expression touches it: quadratic work in a comprehension.
 */
@SuppressWarnings("Immutable") // Whoever fills it does so before anyone else sees it.
final class DataMap extends CelValue implements Map<Object, Object>, SelectableValue<Object> {
  private static final CelType TYPE = MapType.create(SimpleType.DYN, SimpleType.DYN);

  private final Map<Object, Object> members;

  /** Owns the map from now on. */
  DataMap(SequencedMap<String, Object> members) {
    this.members = Collections.unmodifiableMap(members);
  }

  @Override
  public Object select(Object name) {
    Object member = members.get(name);
    if (member == null) {
      throw CelAttributeNotFoundException.forMissingMapKey(String.valueOf(name));
    }
    return member;
  }

  @Override
  public Optional<Object> find(Object name) {
    return Optional.ofNullable(members.get(name));
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return members.isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return members.containsKey(key);
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return members.containsValue(value);
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return members.get(key);
  }

  @Override
  public @Nullable Object put(Object key, Object value) {
    return members.put(key, value);
  }

  @Override
  public @Nullable Object remove(@Nullable Object key) {
    return members.remove(key);
  }

  @Override
  public void putAll(Map<? extends Object, ? extends Object> map) {
    members.putAll(map);
  }

  @Override
  public void clear() {
    members.clear();
  }

  @Override
  public Set<Object> keySet() {
    return members.keySet();
  }

  @Override
  public Collection<Object> values() {
    return members.values();
  }

  @Override
  public Set<Entry<Object, Object>> entrySet() {
    return members.entrySet();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return members.equals(other);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return members.toString();
  }
}
