package sago.system;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Predicate;

/** A class refers to one whose full name matches. */
final class ReferTo extends ArchCondition<JavaClass> {
    private final Predicate<String> target;

    ReferTo(String what, Predicate<String> target) {
        super("refer to " + what);
        this.target = target;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            if (target.test(dependency.getTargetClass().getBaseComponentType().getName())) {
                events.add(SimpleConditionEvent.satisfied(dependency, dependency.getDescription()));
            }
        }
    }
}
