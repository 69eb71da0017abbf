package bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Bench {
  public static void main(String[] args) {
    SpringApplication.run(Bench.class, args);
  }

  @GetMapping("/")
  String hello() {
    return "Hello from Java";
  }
}
