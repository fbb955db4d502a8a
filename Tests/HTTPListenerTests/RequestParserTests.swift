import Testing

@testable import HTTPListener

@Suite struct RequestParserTests {
  /// What the parser makes of the pieces: the first request, or the first failure.
  private func verdict(of pieces: [ArraySlice<UInt8>]) -> RequestCase.Verdict? {
    var parser = RequestParser(limits: ListenerLimits())
    do {
      for piece in pieces {
        parser.append(piece)
        guard let parsed = try parser.next() else { continue }
        return .served(
          method: parsed.request.method,
          path: parsed.request.path,
          body: String(decoding: parsed.request.body, as: UTF8.self),
          closes: !parsed.keepsAlive
        )
      }
      return nil
    } catch {
      return .refused(error.status)
    }
  }

  @Test(arguments: RequestCase.all)
  func wholeRequest(_ test: RequestCase) {
    #expect(verdict(of: [Array(test.raw.utf8)[...]]) == test.verdict)
  }

  /// The verdict never depends on how the bytes arrive.
  @Test(arguments: RequestCase.all)
  func requestSplitAtEveryByte(_ test: RequestCase) {
    let bytes = Array(test.raw.utf8)
    // A long case has nothing but filler between these.
    let cuts = bytes.count < 2000 ? Array(1..<bytes.count) : Array(1..<100) + [8191, 8192, 16_384]
    for cut in cuts where cut < bytes.count {
      #expect(verdict(of: [bytes[..<cut], bytes[cut...]]) == test.verdict, "split at \(cut)")
    }
    #expect(verdict(of: bytes.indices.map { bytes[$0...$0] }) == test.verdict, "byte by byte")
  }

  @Test func fieldsAndQuery() throws {
    var parser = RequestParser(limits: ListenerLimits())
    let raw =
      "GET /p?target=a&target=b+c&x&=y&&z=%3D HTTP/1.1\r\nHost: h\r\nAccept:  a \r\nACCEPT: b\r\n\r\n"
    parser.append(Array(raw.utf8)[...])
    let request = try #require(try parser.next()).request
    #expect(request.path == "/p")
    #expect(
      request.query.map { "\($0.name)|\($0.value)" }
        == ["target|a", "target|b c", "x|", "|y", "z|="]
    )
    #expect(request.queryValues("target") == ["a", "b c"])
    #expect(
      request.fields.map { "\($0.name)|\($0.value)" }
        == ["Host|h", "Accept|a", "ACCEPT|b"]
    )
    #expect(request.field("accept") == "a, b")
    #expect(request.field("Cookie") == nil)
  }

  @Test func absoluteTargetReplacesHost() throws {
    var parser = RequestParser(limits: ListenerLimits())
    parser.append(Array("GET http://real:1/ HTTP/1.1\r\nHost: other\r\n\r\n".utf8)[...])
    #expect(try parser.next()?.request.field("host") == "real:1")
  }

  @Test func pipelinedRequestsComeOneByOne() throws {
    var parser = RequestParser(limits: ListenerLimits())
    let one = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    let two = "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
    parser.append(Array((one + two + "GET /3").utf8)[...])
    #expect(try parser.next()?.request.path == "/1")
    #expect(!parser.isInsideBody)
    #expect(try parser.next()?.request.path == "/2")
    #expect(try parser.next()?.request.path == nil)
    #expect(parser.isInsideRequest)
    parser.append(Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8)[...])
    #expect(try parser.next()?.request.path == "/3")
    #expect(!parser.isInsideRequest)
  }

  /// Many requests through one parser: the buffer is reused, not grown.
  @Test func longStreamInOddPieces() throws {
    var parser = RequestParser(limits: ListenerLimits())
    let body = String(repeating: "x", count: 3000)
    let request = "POST /n HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n\(body)"
    let bytes = Array(String(repeating: request, count: 50).utf8)
    var seen = 0
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1777)
      parser.append(bytes[start..<end])
      while let parsed = try parser.next() {
        #expect(parsed.request.body.count == 3000)
        seen += 1
      }
      start = end
    }
    #expect(seen == 50)
  }

  /// Broken in random places, a request gets the same verdict whole and byte by byte.
  @Test func mutationsAreJudgedAlikeHoweverTheyArrive() {
    var state: UInt64 = 20_260_101
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let alphabet = Array("\r\n\t :;,%?#/0a\u{0}\u{7F}\u{80}".utf8)
    let seeds = RequestCase.all.map { Array($0.raw.utf8) }.filter { $0.count < 300 }
    for _ in 0..<4000 {
      var bytes = seeds[random(seeds.count)]
      for _ in 0...random(3) where !bytes.isEmpty {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = alphabet[random(alphabet.count)]
        case 1: bytes.insert(alphabet[random(alphabet.count)], at: place)
        case 2: bytes.remove(at: place)
        default: bytes.replaceSubrange(place..., with: seeds[random(seeds.count)])
        }
      }
      let whole = verdict(of: [bytes[...]])
      let split = verdict(of: bytes.indices.map { bytes[$0...$0] })
      #expect(whole == split, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }
}
